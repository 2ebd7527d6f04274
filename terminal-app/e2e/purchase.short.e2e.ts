import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atKiosk, buying } from './purchase-kit.ts';
import { isReadmeCurrent, updateReadme } from './readme-screenshot.ts';

/** The two chips that a province begins with; all others: purchase.e2e.ts. */

const SHOTS = join(import.meta.dirname, '../dist/journey');

buying(['SLE4442', 'CPU'], { at: atKiosk(SHOTS), shots: SHOTS });

describe("the README's picture", () => {
  it('was taken of the screens as they are now (UPDATE_SCREENSHOTS=1 npm run e2e -- purchase takes it again)', async () => {
    if (process.env['UPDATE_SCREENSHOTS'] !== undefined) await updateReadme(join(SHOTS, 'pay.SLE4442.png'));
    expect(await isReadmeCurrent()).toBe(true);
  });
});
