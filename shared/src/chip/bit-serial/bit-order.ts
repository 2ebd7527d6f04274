/**
 * Turns the bits of each byte round. The chips give and take the first bit as a byte's highest, ACS readers as its
 * lowest: two programs that drive a real AT88SC102 through an ACR38U and an ACR39U reverse what they read and the
 * code that they present (Mooltipass tools; R:mooltipass/minible smc_decode).
 */
export function reverseBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let turned = 0;
    for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit);
    return turned;
  });
}
