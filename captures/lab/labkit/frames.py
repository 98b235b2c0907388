"""Just enough Ethernet, IP and TCP for the relay: reading headers and forging resets."""
import socket
import struct
from collections import namedtuple

Segment = namedtuple("Segment", "src sport dst dport seq ack flags window ttl payload eth v6")

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


def parse(frame):
    """The TCP segment in an Ethernet frame, or None."""
    ethertype = frame[12:14]
    if ethertype == b"\x08\x00":
        if frame[23] != 6:
            return None
        ihl = (frame[14] & 15) * 4
        end = 14 + int.from_bytes(frame[16:18], "big")
        src, dst = socket.inet_ntoa(frame[26:30]), socket.inet_ntoa(frame[30:34])
        tcp, ttl, v6 = 14 + ihl, frame[22], False
    elif ethertype == b"\x86\xdd":
        if frame[20] != 6:
            return None
        end = 54 + int.from_bytes(frame[18:20], "big")
        src = socket.inet_ntop(socket.AF_INET6, frame[22:38])
        dst = socket.inet_ntop(socket.AF_INET6, frame[38:54])
        tcp, ttl, v6 = 54, frame[21], True
    else:
        return None
    sport, dport, seq, ack, offset, flags, window = struct.unpack_from("!HHIIBBH", frame, tcp)
    payload = frame[tcp + (offset >> 4) * 4:end]
    return Segment(src, sport, dst, dport, seq, ack, flags, window, ttl, payload, frame[:14], v6)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def forge_reset(like, seq, ack, ttl, window=0, ip_id=0):
    """A reset in the name of `like`'s sender. ack None: bare RST; otherwise RST+ACK. Never any options."""
    flags = RST if ack is None else RST | ACK
    tcp = struct.pack("!HHIIBBHHH", like.sport, like.dport, seq & 0xFFFFFFFF, (ack or 0) & 0xFFFFFFFF,
                      5 << 4, flags, window, 0, 0)
    family = socket.AF_INET6 if like.v6 else socket.AF_INET
    src, dst = socket.inet_pton(family, like.src), socket.inet_pton(family, like.dst)
    if like.v6:
        pseudo = src + dst + struct.pack("!IHBB", len(tcp), 0, 0, 6)
        ip = struct.pack("!IHBB", 6 << 28, len(tcp), 6, ttl) + src + dst
    else:
        pseudo = src + dst + struct.pack("!BBH", 0, 6, len(tcp))
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), ip_id, 0x4000, ttl, 6, 0) + src + dst
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    return like.eth + ip + tcp
