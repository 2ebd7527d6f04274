import type { Clock } from '@bianmin/shared/clock';
import type { Config } from '../config.ts';
import { createAgentString } from './agent-string/adapter.ts';
import type { BindingCodes } from './binding-codes.ts';
import { createCollectionV1 } from './collection-v1.ts';
import type { GridGateway } from './contract.ts';
import type { GridProfile } from './profiles.ts';

/** The gateway, and the port by which the grid texts a code to a registered phone, where its line has one. */
export interface GridPorts {
  readonly grid: GridGateway;
  readonly bindingCodes?: BindingCodes;
}

const SCHEMES: Readonly<Record<GridProfile, readonly string[]>> = {
  'collection-v1': ['http:', 'https:'],
  'agent-string': ['tcp:', 'tls:'],
};

/** The adapter that `GRID_PROFILE` names. Throws where `GRID_URL` is not an address that it could use. */
export function gridFrom(config: Config, clock: Clock): GridPorts {
  const { GRID_PROFILE: profile, GRID_URL: url } = config;
  if (!SCHEMES[profile].includes(new URL(url).protocol)) {
    const schemes = SCHEMES[profile].map((scheme) => `${scheme}//`).join(' or ');
    throw new Error(`GRID_URL must begin with ${schemes} where GRID_PROFILE is ${profile}.`);
  }
  const init = {
    agent: config.GRID_AGENT,
    signKey: config.GRID_SIGN_KEY,
    gridPublicKey: config.GRID_PUBLIC_KEY,
    timeoutMs: config.GRID_TIMEOUT_MS,
    clock,
  };
  if (profile === 'agent-string') return { grid: createAgentString({ ...init, url }) };
  const grid = createCollectionV1({ ...init, url: collectUrl(url) });
  return { grid, bindingCodes: grid };
}

/** A bare address means the platform's usual place on it. */
function collectUrl(gridUrl: string): string {
  const url = new URL(gridUrl);
  return url.pathname === '/' ? new URL('/collect', url).href : gridUrl.replace(/\/$/u, '');
}
