"""
A TLS server of CPython's ssl module that verifies its clients in one of its ways, one connection after the other:
verifying.py PORT CERTIFICATE KEY [ca-file=FILE] [ca-path=FOLDER] [crl=FILE]
"""
import os
import socket
import ssl
import sys

port, certificate, key, *words = sys.argv[1:]
demands = dict(word.split("=", 1) for word in words)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
if demands:
    context.load_verify_locations(cafile=demands.get("ca-file"), capath=demands.get("ca-path"))
    context.verify_mode = ssl.CERT_REQUIRED
if "crl" in demands:
    context.load_verify_locations(cafile=demands["crl"])
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF

with socket.create_server(("127.0.0.1", int(port)), backlog=512) as listener:
    while True:
        client = listener.accept()[0]
        try:
            client.settimeout(10)
            with context.wrap_socket(client, server_side=True) as tls:
                tls.recv(1024)
                tls.sendall(f"served by {os.getpid()}\n".encode())
                tls.unwrap()
        except (OSError, ValueError) as problem:
            print(problem, file=sys.stderr)
        finally:
            client.close()
