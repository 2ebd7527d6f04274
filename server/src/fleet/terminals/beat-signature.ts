/** Which beat it is: `created` in seconds since the epoch, a nonce of 128 bits. */
interface BeatSignatureInit {
  readonly created: number;
  readonly nonce: string;
}

/** `Signature-Input` of a beat, without its label: the one form that is taken (RFC 9421 §2.3). */
export function beatSignatureParams({ created, nonce }: BeatSignatureInit): string {
  return `("@method" "@path" "content-digest");created=${created};nonce="${nonce}";alg="hmac-sha256";tag="bianmin-beat"`;
}

/** What HMAC-SHA-256 is taken of: the signature base of RFC 9421 §2.5. `contentDigest`: the header's value (RFC 9530). */
export function beatSignatureBase(init: BeatSignatureInit & { path: string; contentDigest: string }): string {
  return [
    '"@method": POST',
    `"@path": ${init.path}`,
    `"content-digest": ${init.contentDigest}`,
    `"@signature-params": ${beatSignatureParams(init)}`,
  ].join('\n');
}
