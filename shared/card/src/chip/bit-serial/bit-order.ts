/**
 * Turns the bits of each byte round. The chips give and take the first bit as a byte's highest, ACS readers as its
 * lowest: programs that drive a real AT88SC102 through an ACR38U (072F:90CC) and an ACR39U reverse what they read and the code
 * that they present (R:limpkin/mooltipass tools/smc_decode, R:mooltipass/minible scripts/smc_decode).
 */
export function reverseBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let turned = 0;
    for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit);
    return turned;
  });
}
