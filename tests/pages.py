"""What an exported page was saved with, read as its script reads it."""

import base64
import json
import re
import zlib


def saved(document):
    """The storyboard, the phases and the setting inside the text of a page."""
    (data,) = re.findall(r'<script type="application/octet-stream" id="saved">(.*?)</script>', document)
    return json.loads(zlib.decompress(base64.b64decode(data)))
