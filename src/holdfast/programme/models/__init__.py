"""What is made, where and how, and what is registered."""

from .methods import Attribute, AttributeName, Procedure, ProcedureState
from .process import Material, Process, UnitOperation
from .product import DevelopmentPhase, Product, ProductSpecificationFile, ShelfLife
from .registration import RegisteredProcedure, RegisteredSite, Registration, RegistrationContent, RegistrationState
from .sites import AsepticSimulation, Audit, NamedQualifiedPerson, QPDeclaration, QPDeclarationSite, QualityAgreement, SiteAuthorisation
from .specification import Specification, SpecificationTest

__all__ = [
    "AsepticSimulation", "Attribute", "AttributeName", "Audit", "DevelopmentPhase", "Material", "NamedQualifiedPerson", "Procedure", "ProcedureState", "Process",
    "Product", "ProductSpecificationFile", "QPDeclaration", "QPDeclarationSite", "QualityAgreement", "RegisteredProcedure", "RegisteredSite",
    "Registration", "RegistrationContent", "RegistrationState", "ShelfLife", "SiteAuthorisation", "Specification", "SpecificationTest", "UnitOperation",
]  # fmt: skip
