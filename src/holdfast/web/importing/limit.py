"""No page takes a file that is larger than an import may be: it is read past and never kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class LimitedUpload(FileUploadHandler):
    """Skips every file of a request that says it is too large, and notes it on the request (`upload_too_large`) for the page to say."""

    too_large = False

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:  # noqa: ARG002, N803
        """Decide by the request's own length, before anything of it is read."""
        self.too_large = content_length > settings.HOLDFAST_API_UPLOAD_MB * 1024 * 1024
        if self.too_large and self.request is not None:
            self.request.upload_too_large = True  # type: ignore[attr-defined]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Called before the first byte of each file."""
        super().new_file(*args, **kwargs)
        if self.too_large:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Leaves what is small enough to the handlers behind."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Has no file of its own to give."""
