/** No trail shows the platform's own names: every command that its sources record has one people know. */
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ACTIONS } from './actions';

const SHARED = resolve('../shared');

/** The Rust sources of a crate without its tests. */
function sources(crate: string): string {
  const files = readdirSync(`${SHARED}/${crate}/src`, { recursive: true, encoding: 'utf8' });
  const own = files.filter((file) => file.endsWith('.rs') && !/tests?(\/|\.rs)/.test(file));
  return own.map((file) => readFileSync(`${SHARED}/${crate}/src/${file}`, 'utf8').split('#[cfg(test)]')[0]).join('\n');
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? '');

it('names every command that is recorded', () => {
  const text = sources('domain') + sources('workflow');
  const bodies = all(text, /name in trails[^\n]*\n\s*pub fn name\(&self\)[^{]*\{(.*?)\n {4}\}/gs);
  const commands = bodies.flatMap((body) => all(body, /=> "([a-z-]+)"/g));
  const recorded = all(text, /(?:self\.(?:step|commit)\(|action(?:: | = )|\b(?:entry|about)\([^"()]*, |_?version, |\((?:moved|closed), )"([a-z]+(?:-[a-z]+)*)"(?:[,)]|\.to_owned)/g);
  // As many as there were when this was written, at least: the patterns still find them.
  expect(bodies.length).toBeGreaterThanOrEqual(2);
  expect(commands.length).toBeGreaterThan(30);
  expect(recorded.length).toBeGreaterThan(15);
  const unnamed = [...new Set([...commands, ...recorded])].filter((action) => !(action in ACTIONS));
  expect(unnamed).toEqual([]);
});
