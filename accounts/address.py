"""Where a request comes from, behind as many trusted proxies as the setting says and no more."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

LOCAL = "127.0.0.1"  # a unix socket names no address: the peer is this machine


def client_address(request: HttpRequest) -> str:
    """The address the outermost trusted proxy saw; headers beyond the trusted count could be forged."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted: int = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted and _is_address(hops[-trusted]):
        return hops[-trusted]
    return str(request.META.get("REMOTE_ADDR") or LOCAL)


def _is_address(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    return True
