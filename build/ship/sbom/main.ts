import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { failUsage, readOptions } from '@bianmin/purchase/node/cli-options';
import { billOf, PRODUCTS } from '../../kit/sbom.ts';

const USAGE = `Usage: npm run sbom -- server|kiosk|box [--out FILE]
The software bill of materials of what is shipped (CycloneDX), into the file or to standard output.
`;

const { positionals, values } = readOptions({ usage: USAGE, words: 1, options: { out: { type: 'string' } } });
const product = z.enum(Object.keys(PRODUCTS) as [keyof typeof PRODUCTS]).safeParse(positionals[0]);
if (!product.success) failUsage(USAGE, `Name a product: ${Object.keys(PRODUCTS).join(', ')}.`);
const text = `${JSON.stringify(billOf(product.data, join(import.meta.dirname, '../../..')), null, 2)}\n`;
if (values.out === undefined) process.stdout.write(text);
else writeFileSync(values.out, text);
