import Mocha from 'mocha'
import { importUserModule } from '../../core/user-module.ts'
import type { BoardRequirement, LoadedFile, WorkerSettings } from '../group/protocol.ts'
import { indexRequirements } from '../spec/requirements.ts'
import { defineScriptTest, isShellScript } from './shell-script.ts'
import { TestKeys, titlesOf } from './test-keys.ts'

/** A spec that was loaded: a tree of tests of its own, so that its hooks are nobody else's. */
export interface LoadedSpec {
  readonly suite: Mocha.Suite
  readonly keys: TestKeys
  readonly summary: LoadedFile
}

/**
 * Loads a file and finds its tests, without running any.
 * @param collect gathers the `useBoard` calls of what it runs
 * @throws HilError `spec.missing`, `spec.does-not-compile`, `spec.failed-to-load` (environment)
 */
export async function loadSpec(
  file: string,
  settings: WorkerSettings,
  collect: (load: () => Promise<unknown>) => Promise<readonly BoardRequirement[]>,
): Promise<LoadedSpec> {
  const { timeoutMs, retries, bail, debug } = settings
  const mocha = new Mocha({ ui: 'bdd', timeout: debug ? 0 : timeoutMs, retries, bail })
  const { suite } = mocha
  // What `Mocha#loadFilesAsync` does, with an `import` that knows "hil" and tells where a file is wrong.
  const requirements = await collect(async () => {
    suite.emit('pre-require', globalThis, file, mocha)
    const module = isShellScript(file) ? await defineScriptTest(file) : await importUserModule(file, 'spec')
    suite.emit('require', module, file, mocha)
    suite.emit('post-require', globalThis, file, mocha)
  })
  if ((suite as SuiteWithOnly).hasOnly()) (suite as SuiteWithOnly).filterOnly()
  keepMatching(suite, settings.grep)
  const keys = new TestKeys()
  repeatEach(suite, settings.repeatEach, keys)
  indexRequirements(suite)
  const tests = testsBelow(suite).map((test) => ({ key: keys.keyOf(test), titles: titlesOf(test) }))
  return { suite, keys, summary: { file, tests, requirements } }
}

/** mocha 12, lib/suite.js; its types leave it out. */
type SuiteWithOnly = Mocha.Suite & { hasOnly(): boolean; filterOnly(): boolean }

export function testsBelow(suite: Mocha.Suite): readonly Mocha.Test[] {
  return [...suite.tests, ...suite.suites.flatMap(testsBelow)]
}

function keepMatching(suite: Mocha.Suite, grep: string | undefined): void {
  if (grep === undefined) return
  const wanted = new RegExp(grep)
  keepTests(suite, (test) => wanted.test(test.fullTitle()))
}

export function keepTests(suite: Mocha.Suite, isWanted: (test: Mocha.Test) => boolean): void {
  suite.tests = suite.tests.filter(isWanted)
  for (const inner of suite.suites) keepTests(inner, isWanted)
}

function repeatEach(suite: Mocha.Suite, times: number, keys: TestKeys): void {
  suite.tests = suite.tests.flatMap((test) => {
    keys.add(test)
    const copies = Array.from({ length: times - 1 }, () => test.clone())
    for (const copy of copies) keys.add(copy)
    return [test, ...copies]
  })
  for (const inner of suite.suites) repeatEach(inner, times, keys)
}
