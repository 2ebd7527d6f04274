import { z } from 'zod';
import { toldBy, type Change } from './difference.ts';

const changes = z.array(
  z.looseObject({ role: z.string(), before: z.array(z.string()), permissions: z.array(z.string()) }),
);
export type RoleDifference = z.infer<typeof changes>[number];

/** What becomes different of several roles, each line under its role: `permissions.ready:finance`. */
export function roleChanges(of: unknown): Change[] {
  const found = changes.safeParse(of);
  return (found.success ? found.data : []).flatMap(({ role, before, permissions }) =>
    toldBy({ before, permissions }).changes.map((each) => ({ ...each, path: `permissions.${role}` })),
  );
}
