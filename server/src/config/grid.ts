import type { Clock } from '@bianmin/card/clock';
import { layoutsInForce } from './card-layouts.ts';
import type { Config } from './config.ts';
import { createAgentString } from '../gateways/grid/agent-string/adapter.ts';
import type { GridCallsInit } from '../gateways/grid/calls.ts';
import type { BindingCodes } from '../gateways/grid/binding-codes.ts';
import { createCollectionV1 } from '../gateways/grid/collection-v1.ts';
import type { GridGateway } from '../gateways/grid/contract.ts';
import type { GridProfile } from '../gateways/grid/profiles.ts';
import type { TlsIdentity } from '../gateways/grid/tls.ts';
import { siteUrl } from '../kernel/site-url.ts';

/** The gateway, and the port by which the grid texts a code to a registered phone, where its line has one. */
export interface GridPorts {
  readonly grid: GridGateway;
  readonly bindingCodes?: BindingCodes;
}

const SCHEMES: Readonly<Record<GridProfile, readonly string[]>> = {
  'collection-v1': ['http:', 'https:'],
  'agent-string': ['tcp:', 'tls:'],
};

/** The adapter that `GRID_PROFILE` names. Throws where `GRID_URL` is not an address that it could use, or it is to do what it cannot. */
export function gridFrom(
  config: Config,
  clock: Clock,
  watch: Pick<GridCallsInit, 'onCall' | 'onBreaker'> = {},
): GridPorts {
  const { GRID_PROFILE: profile, GRID_URL: url } = config;
  if (!SCHEMES[profile].includes(new URL(url).protocol)) {
    const schemes = SCHEMES[profile].map((scheme) => `${scheme}//`).join(' or ');
    throw new Error(`GRID_URL must begin with ${schemes} where GRID_PROFILE is ${profile}.`);
  }
  if (config.GRID_CARD_TASKS === 'on' && profile !== 'collection-v1') {
    throw new Error(`GRID_CARD_TASKS cannot be on where GRID_PROFILE is ${profile}: it drives no cards.`);
  }
  const init = {
    agent: config.GRID_AGENT,
    signKey: config.GRID_SIGN_KEY,
    gridPublicKey: config.GRID_PUBLIC_KEY,
    ...(config.GRID_NEXT_PUBLIC_KEY === undefined ? {} : { nextGridPublicKey: config.GRID_NEXT_PUBLIC_KEY }),
    timeoutMs: config.GRID_TIMEOUT_MS,
    cancelsWritten: config.GRID_CANCEL_WRITTEN === 'on',
    asksVendorCredit: config.GRID_VENDOR_CREDIT === 'on',
    asksMeters: config.GRID_METER_READINGS === 'on',
    clock,
    ...watch,
    ...tlsOf(config),
  };
  if (profile === 'agent-string') {
    const { layouts } = layoutsInForce(config);
    const asksAccounts = config.GRID_ACCOUNTS === 'on';
    return { grid: createAgentString({ ...init, url, layouts, asksAccounts }) };
  }
  const grid = createCollectionV1({ ...init, url: collectUrl(url) });
  return { grid, bindingCodes: grid };
}

/** A bare address means the platform's usual place on it. */
function collectUrl(gridUrl: string): string {
  const url = new URL(gridUrl);
  return url.pathname === '/' ? new URL('/collect', url).href : siteUrl(gridUrl);
}

/** Only over an address that speaks TLS, and a certificate only with its key: half of it would fail at the first sale. */
function tlsOf(config: Config): { tls?: TlsIdentity } {
  const { GRID_TLS_CERT: cert, GRID_TLS_KEY: key, GRID_TLS_CA: ca, GRID_URL: url } = config;
  if (cert === undefined && key === undefined && ca === undefined) return {};
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error('GRID_TLS_CERT and GRID_TLS_KEY belong together: set both or neither.');
  }
  if (!['https:', 'tls:'].includes(new URL(url).protocol)) {
    throw new Error('GRID_TLS_… is set, but GRID_URL is not https:// or tls://.');
  }
  const identity = cert === undefined || key === undefined ? {} : { cert, key };
  return { tls: { ...identity, ...(ca === undefined ? {} : { ca }) } };
}
