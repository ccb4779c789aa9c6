"""The demonstration for telephones on the same network: addresses, certificates, and how to trust them.

Browsers give pages the position, a service worker and cryptography under TLS only, and nobody certifies an
address like 192.168.1.5. So there is an authority of our own, which can certify nothing but such addresses.
"""
