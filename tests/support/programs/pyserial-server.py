"""An RFC 2217 server on loopback, made of pyserial's own parts, for one client after the other.

The port is pyserial's loop://: what is sent comes back. Prints the TCP port, then all that it is told.
"""

import logging
import socket
import sys
import threading

import serial
import serial.rfc2217

logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)


class Client:
    """What a PortManager needs to answer."""

    def __init__(self, connection):
        self.connection = connection
        self.lock = threading.Lock()

    def write(self, data):
        with self.lock:
            self.connection.sendall(data)


def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    port = serial.serial_for_url("loop://", timeout=0.05)
    client = Client(connection)
    manager = serial.rfc2217.PortManager(port, client, logger=logging.getLogger("told"))
    closed = threading.Event()

    def send_back():
        while not closed.is_set():
            data = port.read(port.in_waiting or 1)
            if data:
                client.write(b"".join(manager.escape(data)))

    reader = threading.Thread(target=send_back, daemon=True)
    reader.start()
    try:
        while data := connection.recv(4096):
            port.write(b"".join(manager.filter(data)))
    except OSError:
        pass
    finally:
        closed.set()
        reader.join()
        port.close()
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    serve(listener.accept()[0])
