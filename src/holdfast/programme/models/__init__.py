"""What is made, where and how, and what is registered."""

from .alignment import AlignmentDecision, DifferenceClass, DifferenceDecision
from .methods import Attribute, AttributeName, Procedure, ProcedureState
from .process import Material, Process, UnitOperation
from .product import DevelopmentPhase, Product, ProductSpecificationFile, ShelfLife
from .registration import RegisteredProcedure, RegisteredSite, RegisteredStability, Registration, RegistrationContent, RegistrationState
from .sites import AsepticSimulation, Audit, NamedQualifiedPerson, QPDeclaration, QPDeclarationSite, QualityAgreement, SiteAuthorisation
from .specification import Specification, SpecificationTest

__all__ = [
    "AlignmentDecision", "AsepticSimulation", "Attribute", "AttributeName", "Audit", "DevelopmentPhase", "DifferenceClass", "DifferenceDecision",
    "Material", "NamedQualifiedPerson", "Procedure", "ProcedureState", "Process", "Product", "ProductSpecificationFile", "QPDeclaration",
    "QPDeclarationSite", "QualityAgreement", "RegisteredProcedure", "RegisteredSite", "RegisteredStability", "Registration", "RegistrationContent",
    "RegistrationState", "ShelfLife", "SiteAuthorisation", "Specification", "SpecificationTest", "UnitOperation",
]  # fmt: skip
