# A server for mail of Python's aiosmtpd, which asks for a password: each mail is a line of JSON on stdout, its text decoded.
import asyncio
import email
import email.policy
import json
import logging
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


# It warns of passwords without TLS, which is what a test on one machine is.
logging.disable(logging.WARNING)
warnings.simplefilter("ignore")


class Handler:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        headers = "".join(f"{name}: {value}\n" for name, value in mail.items())
        print(json.dumps(f"{headers}\n{mail.get_content()}"), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"lab", b"hush")
    return AuthResult(success=good)


async def main():
    def factory():
        return SMTP(Handler(), authenticator=authenticate, auth_required=True, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Whoever started it closes its stdin.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
