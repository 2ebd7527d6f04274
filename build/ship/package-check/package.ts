import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Check } from './check.ts';
import type { Entry } from './contents.ts';

/** ELF, 64 bit, little endian, x86-64 (System V ABI, "ELF Header"). */
export function isLinuxX64(bytes: Uint8Array): boolean {
  const elf = bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
  return elf && bytes[4] === 2 && bytes[5] === 1 && bytes[18] === 0x3e && bytes[19] === 0;
}

/** Native modules of other machines are dead weight, or a mistake; node-hid brings those for Windows in the same package. */
export function modulesCheck(entries: readonly Entry[], read: (entry: Entry) => Uint8Array): Check {
  const modules = entries.filter(({ path }) => path.endsWith('.node') && !path.includes('win32-x64'));
  return {
    name: 'every native module is for this kind of machine',
    problems: modules
      .filter((entry) => !isLinuxX64(read(entry)))
      .map(({ path }) => `${path} is not for linux-x64`),
  };
}

/** Whether packages that bring prebuilt modules bring one for Windows. PC/SC's is compiled on the machine that packages. */
export function windowsCheck(folderOf: (name: string) => string): Check {
  const problems: string[] = [];
  const prebuilds = join(folderOf('node-hid'), 'prebuilds');
  if (!existsSync(prebuilds) || !readdirSync(prebuilds).includes('HID-win32-x64'))
    problems.push('node-hid has none');
  for (const [name, prebuilt] of [
    ['usb', '@node-usb/usb-win32-x64-msvc'],
    ['@napi-rs/canvas', '@napi-rs/canvas-win32-x64-msvc'],
  ] as const) {
    const manifest = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as {
      optionalDependencies?: Record<string, string>;
    };
    if (manifest.optionalDependencies?.[prebuilt] === undefined)
      problems.push(`${name} names no ${prebuilt}`);
  }
  return { name: 'native packages ship a module for win32-x64', problems };
}

const manifestSchema = z.looseObject({
  name: z.string(),
  productName: z.string(),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  main: z.string(),
  type: z.literal('module'),
});

/** The packed manifest: Electron starts at its `main`. */
export function manifestCheck(text: string, entries: readonly Entry[]): Check {
  const name = 'the manifest names a program that is there';
  let manifest;
  try {
    manifest = manifestSchema.safeParse(JSON.parse(text));
  } catch {
    return { name, problems: ['package.json is not JSON'] };
  }
  if (!manifest.success)
    return { name, problems: manifest.error.issues.map(({ path }) => `${path.join('.')} is wrong`) };
  const { main } = manifest.data;
  const there = entries.some(({ path, unpacked }) => path === main && !unpacked);
  const scripts = 'scripts' in manifest.data || 'devDependencies' in manifest.data;
  return {
    name,
    problems: [
      ...(there ? [] : [`${main} is not in the archive`]),
      ...(scripts ? ['it tells how it was made'] : []),
    ],
  };
}

/** As electron-builder.yml has them. */
const FUSES: Readonly<Record<string, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  GrantFileProtocolExtraPrivileges: false,
};

export function fuseCheck(fuses: Readonly<Record<string, boolean>>): Check {
  return {
    name: 'the fuses are flipped in the binary',
    problems: Object.entries(FUSES)
      .filter(([name, on]) => fuses[name] !== on)
      .map(([name, on]) => `${name} should be ${on ? 'on' : 'off'}`),
  };
}

/** Whether what makes a machine a kiosk comes along, as it is in the project. */
export function imageCheck(from: string, packed: string): Check {
  const problems = readdirSync(from).flatMap((name) => {
    const path = join(packed, name);
    if (!existsSync(path)) return [`${name} is missing`];
    return readFileSync(path).equals(readFileSync(join(from, name))) ? [] : [`${name} is another one`];
  });
  return { name: 'the files of the kiosk image come along', problems };
}
