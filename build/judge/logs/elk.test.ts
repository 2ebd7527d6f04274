import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ecsFields } from '@bianmin/purchase/node/ecs';
import { saidFields } from './said-fields.ts';
import { ELK, fieldsOf, readTemplate } from './template.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (name: string): Promise<string> => readFile(join(ELK, name), 'utf8');

const savedObject = z.object({
  id: z.string(),
  type: z.string(),
  attributes: z
    .object({ title: z.string(), columns: z.array(z.string()).optional(), panelsJSON: z.string().optional() })
    .loose(),
  references: z.array(z.object({ id: z.string(), name: z.string(), type: z.string() })),
});

describe('the index template', () => {
  it('has every field that server and kiosk say in their logs', async () => {
    const fields = fieldsOf(await readTemplate());
    for (const folder of ['server/src', 'terminal-app/src']) {
      const said = await saidFields(join(ROOT, folder));
      expect(said.size, folder).toBeGreaterThan(8);
      const missing = [...said].filter(([field]) => {
        const [name = ''] = Object.keys(ecsFields({ [field]: field === 'ms' ? 1 : '' }));
        return field !== 'err' && !fields.has(name);
      });
      // New ones belong into build/ship/deploy/elk/index-template.json, or the index refuses their lines.
      expect(missing, folder).toEqual([]);
    }
  });

  it('has what becomes of an error, whole', async () => {
    const fields = fieldsOf(await readTemplate());
    const cause = { type: 'B', message: 'b', stack: 'at b', context: { sw: '6983' } };
    const err = { type: 'A', code: 1, message: 'a', stack: 'at a', context: { no: 7 }, cause };
    const said = ecsFields({ err });
    expect(said['error.stack_trace']).toBe('at a\ncaused by: at b');
    expect(Object.keys(said).filter((name) => !fields.has(name))).toEqual([]);
    expect(said['bianmin.error.causes']).toEqual([{ type: 'B', message: 'b', context: { sw: '6983' } }]);
  });
});

describe('what is set up beside it', () => {
  it('is found where the pipeline writes, under the policy that the template names', async () => {
    const [, index = ''] = /index => "([\w-]+)"/.exec(await read('logstash.conf')) ?? [];
    const template = await readTemplate();
    expect(index).toMatch(/^bianmin-logs-/);
    expect(template).toMatchObject({ index_patterns: ['bianmin-logs-*'] });
    expect(template.template.settings.index['lifecycle']).toEqual({ name: 'bianmin-logs' });
  });

  it('keeps as long in OpenSearch as in Elasticsearch, and longer than six months', async () => {
    const ages = (text: string): string[] =>
      [...text.matchAll(/"(?:min_age|max_age|min_index_age|min_rollover_age)": "(\w+)"/g)].map(
        ([, age = '']) => age,
      );
    const [ilm, ism] = [await read('ilm-policy.json'), await read('ism-policy.json')];
    expect(ages(ism).sort()).toEqual(ages(ilm).sort());
    expect(Math.max(...ages(ilm).map((age) => Number.parseInt(age, 10)))).toBeGreaterThan(184);
  });

  it("names in Kibana's saved objects only fields that there are, and each other rightly", async () => {
    const fields = fieldsOf(await readTemplate());
    const text = await read('kibana.ndjson');
    const objects = text
      .trim()
      .split('\n')
      .map((line) => savedObject.parse(JSON.parse(line)));
    const ids = new Set(objects.map(({ id, type }) => `${type} ${id}`));
    for (const { references, attributes } of objects) {
      for (const { id, type } of references) expect(ids).toContain(`${type} ${id}`);
      for (const column of attributes.columns ?? []) expect([...fields], attributes.title).toContain(column);
      const panels = z
        .array(z.object({ panelRefName: z.string() }))
        .parse(JSON.parse(attributes.panelsJSON ?? '[]'));
      const names = references.map(({ name }) => name);
      for (const { panelRefName } of panels) expect(names).toContain(panelRefName);
    }
    for (const [, field = ''] of text.matchAll(/((?:bianmin|trace|log|event)\.[\w.]+)(?: >=|: )/g)) {
      expect([...fields]).toContain(field);
    }
  });
});
