/** What TLS to a grid may need beyond the system's own trust: a client certificate, an authority. All PEM. */
export interface TlsIdentity {
  readonly cert?: string;
  readonly key?: string;
  /** In place of the system's authorities. */
  readonly ca?: string;
}
