"""Exit 0 if the web server of this container says that all is well; the container's health check."""

import http.client
import os
import sys

# Any name the server answers to will do; a leading dot means a domain with all its hosts.
host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=8)
try:
    connection.request("GET", "/api/v1/health", headers={"Host": "localhost" if host == "*" else host})
    sys.exit(connection.getresponse().status != 200)
except (OSError, http.client.HTTPException) as error:
    sys.exit(str(error))
