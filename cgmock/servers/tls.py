"""A certificate authority on this machine, and a certificate of the vendor's hosts, for `cgmock serve --tls`.

The authority can vouch for the hosts of CustomerGauge and for this machine alone: its name constraints (RFC 5280,
section 4.2.1.10) make a certificate of any other host worthless, should its key get into wrong hands.
"""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cgmock.core.routing import VENDOR_DOMAIN, VENDOR_HOSTS

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

_AUTHORITY_DAYS = 5 * 365
_SERVER_DAYS = 397
"""What clients take at most."""


class Certificates(NamedTuple):
    """Files: `authority` is what clients trust, `server` the certificate and its private key, which its owner alone reads.

    `renewed` tells why the authority that was there is another one now, which clients have to trust anew.
    """

    authority: Path
    server: Path
    renewed: str | None = None


class _Signed(NamedTuple):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def public_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def pem(self) -> bytes:
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return key + self.public_pem


def certificates(folder: Path, now: float) -> Certificates:
    """The certificates that are kept in a folder, which is made where it is missing; `now` in Unix seconds.

    The authority stays as long as it is valid; the certificate of the server is made anew each time. Raises OSError.
    """
    at = datetime.fromtimestamp(now, UTC)
    folder.mkdir(0o700, parents=True, exist_ok=True)
    file = folder.resolve() / "authority.pem"
    authority, renewed = _authority(file, at)
    public, server = file.with_name("ca.pem"), file.with_name("server.pem")
    _write(public, authority.public_pem, 0o644)
    _write(server, _server(authority, at).pem)
    return Certificates(public, server, renewed)


def _authority(file: Path, at: datetime) -> tuple[_Signed, str | None]:
    if not file.exists():
        _write_first(file, _new_authority(at).pem)
    file.chmod(0o600)
    try:
        kept = _read(file.read_bytes())
    except (ValueError, TypeError, UnsupportedAlgorithm):
        fault = "could not be read"
    else:
        if kept.certificate.not_valid_before_utc <= at < kept.certificate.not_valid_after_utc:
            return kept, None
        fault = f"was valid until {kept.certificate.not_valid_after_utc:%Y-%m-%d} only"
    made = _new_authority(at)
    _write(file, made.pem)
    return made, fault


def _read(pem: bytes) -> _Signed:
    """An authority that is whole. Raises ValueError, TypeError or UnsupportedAlgorithm."""
    key = serialization.load_pem_private_key(pem, None)
    certificate = x509.load_pem_x509_certificate(pem)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate.public_key() != key.public_key():
        raise ValueError("the key is not that of the certificate")
    return _Signed(certificate, key)


def _write_first(file: Path, content: bytes) -> None:
    """Write a file, unless another process has just done so."""
    draft = _draft(file, content, 0o600)
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _write(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file in one go: who reads it finds all of it, old or new."""
    _draft(file, content, mode).replace(file)


def _draft(file: Path, content: bytes, mode: int) -> Path:
    with NamedTemporaryFile(dir=file.parent, delete=False) as draft:  # nobody else reads it
        draft.write(content)
    path = Path(draft.name)
    path.chmod(mode)
    return path


def _new_authority(at: datetime) -> _Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"cgmock on this machine, {at:%Y-%m-%d %H:%M}")
    allowed = [x509.DNSName(VENDOR_DOMAIN), *map(_alone, THIS_MACHINE)]
    certificate = (
        _valid(at, at + timedelta(days=_AUTHORITY_DAYS))
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _Signed(certificate, key)


def _server(authority: _Signed, at: datetime) -> _Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = authority.certificate
    end = min(at + timedelta(days=_SERVER_DAYS), issuer.not_valid_after_utc)
    names = [_exactly(host) for host in (*VENDOR_HOSTS, *THIS_MACHINE)]
    certificate = (
        _valid(at, end)
        .subject_name(_name("cgmock serve"))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return _Signed(certificate, key)


def _valid(at: datetime, end: datetime) -> x509.CertificateBuilder:
    """From the day before, for clocks that are behind."""
    builder = x509.CertificateBuilder().serial_number(x509.random_serial_number())
    return builder.not_valid_before(at - timedelta(days=1)).not_valid_after(end)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _exactly(host: str) -> x509.GeneralName:
    """A host as a certificate names it."""
    return x509.DNSName(host) if host[-1].isalpha() else x509.IPAddress(ip_address(host))


def _alone(host: str) -> x509.GeneralName:
    """A host as the only one of a constraint: an address is a network of its own there."""
    return x509.DNSName(host) if host[-1].isalpha() else x509.IPAddress(ip_network(host))
