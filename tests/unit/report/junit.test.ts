import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { toJunit } from '../../../src/report/files/junit.ts'
import { findAll, parseXml, type XmlElement } from '../../support/xml.ts'
import { itWith } from '../../support/requirements.ts'
import { assertionError, makeTest, ScriptedRun, timeoutError } from './script-run.ts'

const schema = fileURLToPath(new URL('../../fixtures/report/junit.xsd', import.meta.url))

function only(document: XmlElement, name: string): XmlElement {
  const [element, ...others] = findAll(document, name)
  assert.ok(element !== undefined, `there is no <${name}>`)
  assert.equal(others.length, 0, `there are ${others.length + 1} <${name}>`)
  return element
}

/** A run with every outcome there is. */
function eventfulRun(): ScriptedRun {
  const [passes, fails, dies, flakes, skips, never] = [
    makeTest(['boot', 'passes']),
    makeTest(['boot', 'fails']),
    makeTest(['boot', 'dies']),
    makeTest(['boot', 'flakes']),
    makeTest(['boot', 'skips']),
    makeTest(['boot', 'never runs']),
  ] as const
  return new ScriptedRun()
    .take()
    .load(passes, fails, dies, flakes, skips, never)
    .start(passes)
    .enter('off', 'shell', 1000)
    .receive('login: \x1b[31mroot\x1b[0m\r\n')
    .pass(passes)
    .start(fails)
    .fail(fails, assertionError)
    .start(dies)
    .fail(dies, { ...timeoutError, code: 'power.dead', blame: 'infrastructure' })
    .start(flakes)
    .fail(flakes, timeoutError, { willRetry: true })
    .start(flakes, 2)
    .pass(flakes, { attempt: 2, verdict: 'flaky' })
    .start(skips)
    .skip(skips)
    .finish('infrastructure-failed')
}

/** The end of its trace is all that the last lines hold. @param cause what it came from */
function panickedRun(cause?: string): ScriptedRun {
  const test = makeTest(['boot'])
  const trace = Array.from({ length: 40 }, (_, depth) => ` pump_${depth}+0x4/0x8`)
  const lines = ['Kernel panic - not syncing: told to', 'Call trace:', ...trace]
  const title = 'kernel panic: told to'
  return new ScriptedRun()
    .take()
    .load(test)
    .start(test)
    .receive(`${lines.join('\r\n')}\r\n`)
    .emit({
      type: 'kernel-finding',
      board: 'sim',
      level: 'fatal',
      kind: 'panic',
      ...{ title, signature: title, lines, offset: 0, end: 100 },
    })
    .fail(test, {
      name: 'HilError',
      code: 'kernel.panic',
      blame: 'board',
      message: 'the kernel of sim panicked: told to',
      details: { board: 'sim', title, ...(cause !== undefined && { cause }) },
    })
    .finish('board-failed')
}

describe('the JUnit report', () => {
  it('has a suite for each board and spec, with counts that are true', () => {
    const document = parseXml(toJunit(eventfulRun().record))
    const suite = only(document, 'testsuite')
    assert.equal(suite.attributes['name'], 'sim tests/boot.spec.ts')
    assert.equal(suite.attributes['hostname'], 'sim')
    assert.equal(suite.attributes['timestamp'], '2026-01-02T03:04:05')
    for (const element of [document, suite]) {
      const { tests, failures, errors } = element.attributes
      assert.deepEqual({ tests, failures, errors }, { tests: '6', failures: '1', errors: '1' })
    }
    assert.equal(suite.attributes['skipped'], '2')
  })

  it('tells a failed test from an error of the bench, and names the type', () => {
    const document = parseXml(toJunit(eventfulRun().record))
    const failure = only(document, 'failure')
    assert.equal(failure.attributes['type'], 'test-failed')
    assert.match(failure.attributes['message'] ?? '', /^Expected values to be strictly equal/)
    assert.match(failure.text, /boot\.spec\.ts:9:12/)
    const error = only(document, 'error')
    assert.equal(error.attributes['type'], 'power.dead')
    assert.match(error.text, /enter shell 10\.0 s of 10 s/)
  })

  it('takes a panic for a failure of the board, and quotes its console without controls', () => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun().load(test).start(test)
    run.receive('Kernel panic - not syncing\x1b[0m\x00: ]]> & "x"\r\n')
    run.fail(test, { ...timeoutError, code: 'kernel.panic' }).finish('board-failed')
    const failure = only(parseXml(toJunit(run.record)), 'failure')
    assert.equal(failure.attributes['type'], 'kernel.panic')
    assert.match(failure.text, /│ Kernel panic - not syncing: \]\]> & "x"/)
  })

  it('lets a flaky test pass and keeps what failed before', () => {
    const flaky = only(parseXml(toJunit(eventfulRun().record)), 'flakyFailure')
    assert.equal(flaky.attributes['type'], 'console.timeout')
    assert.match(only(flaky, 'stackTrace').text, /no prompt within 10 s/)
  })

  it('keeps each attempt of a test that failed every time', () => {
    const test = makeTest(['boots'])
    const run = new ScriptedRun().load(test)
    run.start(test).fail(test, timeoutError, { willRetry: true })
    run.start(test, 2).fail(test, assertionError, { attempt: 2 }).finish('test-failed')
    const document = parseXml(toJunit(run.record))
    assert.equal(only(document, 'rerunFailure').attributes['type'], 'console.timeout')
    assert.equal(document.attributes['failures'], '1')
  })

  it('links to the console, by a path relative to itself', () => {
    const boards = ['client', 'server']
    const test = makeTest(['talk'], { boards })
    const run = new ScriptedRun({ boards }).load(test).start(test).pass(test).finish()
    const { text } = only(parseXml(toJunit(run.record)), 'system-out')
    assert.match(text, /^\[\[ATTACHMENT\|console-client\.log\]\]$/m)
    assert.match(text, /^\[\[ATTACHMENT\|console-server\.log\]\]$/m)
  })

  it('names no two test cases alike, for GitLab reads only the first', () => {
    const tests = [makeTest(['a']), makeTest(['a (2)']), makeTest(['a']), makeTest(['a'])]
    const run = new ScriptedRun().load(...tests)
    for (const test of tests) run.start(test).pass(test)
    const names = findAll(parseXml(toJunit(run.finish().record)), 'testcase').map(
      ({ attributes }) => attributes['name'],
    )
    assert.equal(new Set(names).size, tests.length, names.join(', '))
  })

  it('shows a run that failed outside of its tests as an error, so that no reader sees green', () => {
    const run = new ScriptedRun().take().finish('infrastructure-failed', {
      error: {
        name: 'HilError',
        message: 'rock3a is held by me',
        code: 'lock.held',
        blame: 'infrastructure',
      },
    })
    const document = parseXml(toJunit(run.record))
    assert.equal(document.attributes['errors'], '1')
    assert.equal(only(document, 'error').attributes['type'], 'lock.held')
    assert.equal(only(document, 'testcase').attributes['classname'], 'sim.hil')
  })

  it('says of a run that was killed that it was cut off', () => {
    const test = makeTest(['boots'])
    const errors = findAll(parseXml(toJunit(new ScriptedRun().load(test).start(test).record)), 'error')
    assert.deepEqual(
      errors.map(({ attributes }) => attributes['message']),
      ['the run ended before this test did', 'the run was cut off: its last events are missing'],
    )
  })

  it('makes the package and class of a test from its board and spec', () => {
    const test = makeTest(['works'], { file: '../kernel/tests/usb.hub.spec.ts' })
    const run = new ScriptedRun().load(test).start(test).pass(test).finish()
    const { attributes } = only(parseXml(toJunit(run.record)), 'testcase')
    assert.equal(attributes['classname'], 'sim.kernel.tests.usb.hub')
  })

  it('survives every character and lone surrogate in titles, messages and output', () => {
    const all = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join('')
    const hostile = `${all}\ud800 \udfff \ufffe \uffff ]]> ]]]]>> <!-- <![CDATA[ 🙂`
    const test = makeTest([hostile])
    const run = new ScriptedRun().load(test).start(test).receive(hostile)
    run.emit({ type: 'spec-output', stream: 'stdout', text: hostile, test: test.id })
    run.fail(test, { name: 'Error', message: hostile, stack: hostile }).finish('test-failed')
    const text = only(parseXml(toJunit(run.record)), 'failure').text
    assert.match(text, /\]\]> \]\]\]\]>> <!-- <!\[CDATA\[ 🙂/)
  })

  it('quotes what the kernel reported from its first line on, not the end of a long trace', () => {
    const { record } = panickedRun()
    const text = only(parseXml(toJunit(record)), 'failure').text
    assert.match(
      text,
      /^what the kernel of sim reported:\nKernel panic - not syncing: told to\nCall trace:$/m,
    )
    assert.doesNotMatch(text, /console of sim/)
  })

  it('quotes the panic where what it came from was but a line', () => {
    const text = only(parseXml(toJunit(panickedRun('VFS: cannot open root device').record)), 'failure').text
    assert.match(text, /^what the kernel of sim reported:\nKernel panic - not syncing: told to$/m)
  })

  it('quotes it with its places in the sources, where a vmlinux was given', () => {
    const run = panickedRun()
    const calls = [
      { function: 'pump_inline', file: 'drivers/pump.h', line: 3 },
      { function: 'pump_0', file: 'drivers/pump.c', line: 12 },
    ]
    const sources = [{ line: 2, place: 'pump_0+0x4/0x8', calls }]
    run.events.splice(-1, 0, { t: 0, type: 'kernel-sources', board: 'sim', offset: 0, sources })
    const text = only(parseXml(toJunit(run.record)), 'failure').text
    assert.match(text, /^ pump_0\+0x4\/0x8 {2}\(drivers\/pump\.h:3, in drivers\/pump\.c:12\)$/m)
  })

  it('quotes the console also where no test was reached', () => {
    const { record } = new ScriptedRun()
      .take()
      .receive('dead\n')
      .finish('infrastructure-failed', { error: timeoutError })
    const text = only(parseXml(toJunit(record)), 'error').text
    assert.match(text, /^console of sim, last lines:\n.*dead$/m)
  })

  it('quotes of the console what the board said, not what sessions of hil did', () => {
    const { record } = new ScriptedRun()
      .take()
      .receive('~ # echo hil"-"71;read -r l_;eval "$l_"\r\nhil-71\r\nls\r\nbin\r\n\x1b\\\x0171000\n72000\r\n')
      .finish('infrastructure-failed', { error: timeoutError })
    const text = only(parseXml(toJunit(record)), 'error').text
    assert.deepEqual(
      text.match(/(?<=│ ).*/g)?.map((line) => line.trim()),
      ['ls', 'bin', '72000'],
    )
  })

  const runs = {
    'with every outcome': eventfulRun,
    'of a board that panicked': panickedRun,
    'that was cut off': () =>
      new ScriptedRun()
        .take()
        .load(makeTest(['boot']))
        .start(makeTest(['boot'])),
    'without a board': () =>
      new ScriptedRun({ boards: [], specs: [] }).finish('environment-wrong', { error: timeoutError }),
  }
  for (const [name, run] of Object.entries(runs)) {
    itWith(['xmllint'], `is what the schema of JUnit readers asks for, of a run ${name}`, () => {
      const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, '-'], {
        input: toJunit(run().record),
        encoding: 'utf8',
      })
      assert.equal(status, 0, stderr)
    })
  }
})
