import { z } from 'zod';
import type { Check } from './check.ts';

/** What the kiosk's packaging must say, whatever else the packager's schema allows. */
const wanted = z.looseObject({
  appId: z.string().regex(/^[a-z]+(?:\.[a-z]+)+$/),
  asar: z.literal(true),
  directories: z.looseObject({ app: z.literal('terminal-app/dist/app') }),
  electronFuses: z.looseObject({
    runAsNode: z.literal(false),
    enableNodeOptionsEnvironmentVariable: z.literal(false),
    enableNodeCliInspectArguments: z.literal(false),
    enableCookieEncryption: z.literal(true),
    enableEmbeddedAsarIntegrityValidation: z.literal(true),
    onlyLoadAppFromAsar: z.literal(true),
    grantFileProtocolExtraPrivileges: z.literal(false),
  }),
  win: z.looseObject({ target: z.tuple([z.looseObject({ target: z.literal('nsis') })]) }),
  // The data folder holds the terminal's identity and its promises.
  nsis: z.looseObject({
    deleteAppDataOnUninstall: z.literal(false),
    artifactName: z.string().includes('${version}'),
  }),
  linux: z.looseObject({
    maintainer: z.string().regex(/^.+ <.+@.+>$/),
    artifactName: z.string().includes('${version}'),
    target: z.tuple([
      z.looseObject({ target: z.literal('AppImage') }),
      z.looseObject({ target: z.literal('deb') }),
    ]),
  }),
  publish: z.looseObject({ provider: z.literal('generic'), url: z.url({ protocol: /^https$/ }) }),
});

/** Judges a configuration that the packager would accept. */
export function configCheck(config: unknown): Check {
  const problems = wanted.safeParse(config).error?.issues ?? [];
  return {
    name: 'the configuration says what a kiosk needs',
    problems: problems.map(({ path, message }) => `${path.join('.')}: ${message}`),
  };
}
