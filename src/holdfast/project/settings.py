"""Django's settings. What differs between installations comes from the environment or the data folder."""

from __future__ import annotations

import os
from pathlib import Path

from .database import settings_from_environment
from .environment import number_from
from .home import default_home

PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = os.environ.get("HOLDFAST_SECRET_KEY") or "only-for-commands-that-sign-nothing"
DEBUG = False
ALLOWED_HOSTS = os.environ.get("HOLDFAST_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HOLDFAST_KEYS = default_home() / "keys"  # what exports are signed with
DATABASES = settings_from_environment()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Account"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.humanize",
    "holdfast.ledger",
    "holdfast.people",
    "holdfast.programme",
    "holdfast.batch",
    "holdfast.quality",
    "holdfast.study",
    "holdfast.release",
    "holdfast.exchange",
    "holdfast.web",
]

MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # with padding of random length, so that a page's size tells nothing of what is in it (docs/adr/0026)
    "django.middleware.security.SecurityMiddleware",
    "holdfast.api.middleware.without_cookies",
    "holdfast.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "holdfast.project.security.private_pages",
    "holdfast.web.middleware.LimitedSessions",
    "holdfast.web.middleware.SealedRequests",
    "holdfast.web.middleware.IdentifiedRequests",
    "holdfast.api.middleware.ApiRequests",
]

ROOT_URLCONF = "holdfast.project.urls"
WSGI_APPLICATION = "holdfast.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "holdfast.web.appearance.appearance",
                "holdfast.web.access.who",
            ]
        },
    }
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "holdfast.people.accounts.AccountAdapter"
ALLAUTH_TRUSTED_PROXY_COUNT = number_from("HOLDFAST_PROXIES", 0)  # in front of us, each adding to X-Forwarded-For
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key", "reauthenticate": "10/m/user", "change_password": "5/m/user"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "holdfast.people.accounts.CodeForm",
    "reauthenticate": "holdfast.people.accounts.CodeAgainForm",
    "authenticate_webauthn": "holdfast.people.accounts.PasskeyForm",
    "reauthenticate_webauthn": "holdfast.people.accounts.PasskeyAgainForm",
    "login_webauthn": "holdfast.people.accounts.PasskeyAloneForm",
}
ACCOUNT_FORMS = {"change_password": "holdfast.people.accounts.NewPasswordForm"}
MFA_TOTP_ISSUER = "Holdfast"
MFA_ADAPTER = "holdfast.people.accounts.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator opens log-ins; nothing is ever sent to the address
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Rate limits are counted here, so the processes of one server must share it.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": os.environ["HOLDFAST_CACHE"]}
    if os.environ.get("HOLDFAST_CACHE")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("HOLDFAST_STATIC_ROOT") or None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

HOLDFAST_SESSION_HOURS = number_from("HOLDFAST_SESSION_HOURS", 8)  # after which one signs in again, busy or not
HOLDFAST_IDLE_MINUTES = number_from("HOLDFAST_IDLE_MINUTES", 30)  # without a request
HOLDFAST_SESSIONS = number_from("HOLDFAST_SESSIONS", 3)  # of one log-in at once
HOLDFAST_API_RATE = number_from("HOLDFAST_API_RATE", 300)  # requests a minute of one token
HOLDFAST_API_ADDRESS_RATE = number_from("HOLDFAST_API_ADDRESS_RATE", 600)  # requests a minute from one address, whatever it shows
HOLDFAST_API_UPLOAD_MB = number_from("HOLDFAST_API_UPLOAD_MB", 32)  # that one import may bring, on the page and through the API
FILE_UPLOAD_HANDLERS = [
    "holdfast.web.importing.limit.LimitedUpload",  # first: what is too large is not taken at all
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = HOLDFAST_SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("HOLDFAST_HTTPS") == "1"
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HOLDFAST_TRUSTED_ORIGINS", "").split(",") if origin]
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
