"""A TLS server of CPython's ssl module, a thread for each connection: server.py PORT CERTIFICATE KEY [CLIENT_CA]"""
import socket
import ssl
import sys
import threading

port, certificate, key, *client_ca = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
if client_ca:
    context.load_verify_locations(client_ca[0])
    context.verify_mode = ssl.CERT_REQUIRED


def answer(client):
    try:
        client.settimeout(10)
        with context.wrap_socket(client, server_side=True) as tls:
            tls.recv(1024)
            subject = (tls.getpeercert() or {}).get("subject", "")
            tls.sendall(f"client {subject}\n".encode())
            tls.unwrap()
    except (OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
    finally:
        client.close()


with socket.create_server(("127.0.0.1", int(port)), backlog=512) as listener:
    while True:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
