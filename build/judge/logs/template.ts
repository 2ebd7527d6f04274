import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const ELK = join(import.meta.dirname, '../../ship/deploy/elk');

interface Field {
  readonly type?: string;
  readonly enabled?: boolean;
  readonly ignore_above?: number;
  readonly properties?: Fields;
}
type Fields = Readonly<Record<string, Field>>;

export interface IndexTemplate {
  readonly template: {
    readonly settings: { readonly index: Readonly<Record<string, unknown>> };
    readonly mappings: { readonly properties: Fields };
  };
}

export async function readTemplate(): Promise<IndexTemplate> {
  return JSON.parse(await readFile(join(ELK, 'index-template.json'), 'utf8')) as IndexTemplate;
}

/** Every field that the index has, dotted; what is below a flattened one needs no name. */
export function fieldsOf({ template }: IndexTemplate): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (fields: Fields, before: string): void => {
    for (const [name, { properties }] of Object.entries(fields)) {
      found.add(before + name);
      if (properties !== undefined) look(properties, `${before}${name}.`);
    }
  };
  look(template.mappings.properties, '');
  return found;
}

/** The same for OpenSearch: its own word for a flattened object, and no lifecycle, which is a policy's there. */
export function forOpenSearch(made: IndexTemplate): IndexTemplate {
  const translated = (fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => {
        if (field.type === 'flattened') return [name, { type: 'flat_object' }];
        return [name, field.properties ? { ...field, properties: translated(field.properties) } : field];
      }),
    );
  const { lifecycle: _, ...index } = made.template.settings.index;
  const properties = translated(made.template.mappings.properties);
  const mappings = { ...made.template.mappings, properties };
  return { ...made, template: { ...made.template, settings: { index }, mappings } };
}
