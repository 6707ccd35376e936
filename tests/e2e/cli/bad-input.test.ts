import assert from 'node:assert/strict'
import { makeBench, shellSpec, simulatedBoards } from '../../support/simulated-bench.ts'

const files = {
  'env/two.yaml': simulatedBoards(['one', 'two']),
  'env/wrong.yaml': 'boards:\n  sim:\n    machin: simulator\n',
  'a.spec.ts': shellSpec(`it('works', () => board.shell.run('true'))`),
  'empty.spec.ts': 'export {}\n',
  'broken.spec.ts': "it('x', () => {\n  const = 1\n})\n",
  'state.spec.ts': `import { useBoard } from 'hil'\nuseBoard({ state: 'shel' })\nit('x', () => {})\n`,
  'notes.txt': '',
}

/** What was typed wrong, and the sentence for it. Everything here exits with 2: the user has to act. */
const table: readonly (readonly [what: string, line: string, sentence: RegExp])[] = [
  ['no command', '', /^Usage: hil <command>/],
  ['an unknown command', 'runn a.spec.ts', /no command "hil runn"; did you mean "run"\?/],
  ['an unknown command of a group', 'env chek', /no command "hil env chek"; did you mean "check"\?/],
  [
    'an unknown option',
    'run a.spec.ts --env sim --retrys 1',
    /no option --retrys; did you mean "--retries"\?/,
  ],
  ['an option without its value', 'run a.spec.ts --env', /--env needs a value/],
  ['no environment', 'run a.spec.ts', /hil run needs --env/],
  ['no spec', 'run --env sim', /hil run needs <specs\.\.>/],
  ['two environments', 'run a.spec.ts --env sim --env two', /--env is given 2 times/],
  [
    'a number that is none',
    'run a.spec.ts --env sim --retries=-1',
    /--retries takes a whole number from 0 on, not "-1"/,
  ],
  [
    'a time that is none',
    'run a.spec.ts --env sim --timeout soon',
    /--timeout takes a duration .*, not "soon"/,
  ],
  [
    'an unknown reporter',
    'run a.spec.ts --env sim --reporter juint',
    /no reporter "juint"; did you mean "junit"\?/,
  ],
  [
    'two reporters on stdout',
    'run a.spec.ts --env sim --reporter json --reporter spec',
    /can't share stdout/,
  ],
  [
    'a reporter file that cannot be',
    'run a.spec.ts --env sim --reporter junit=a.spec.ts/x',
    /reporter file .*a\.spec\.ts\/x can't be written/,
  ],
  ['an unknown exit mode', 'run a.spec.ts --env sim --exit git', /--exit can't be "git"; it takes bisect/],
  [
    'a missing environment',
    'run a.spec.ts --env sin',
    /no environment "sin": looked for .*did you mean "sim"\?/,
  ],
  [
    'a wrong environment',
    'run a.spec.ts --env wrong',
    /env\/wrong\.yaml:3:5: .*"machin".*did you mean "machine"\?\n +3 \| +machin: simulator/,
  ],
  [
    'an unknown board',
    'run a.spec.ts --env two --board tow',
    /no board "tow" in env\/two\.yaml; did you mean "two"\?/,
  ],
  ['a missing spec', 'run b.spec.ts --env sim', /no spec b\.spec\.ts .*did you mean "a\.spec\.ts"\?/],
  ['a spec that is none', 'run notes.txt --env sim', /notes\.txt is no spec/],
  ['a directory without specs', 'run env --env sim', /no spec in env/],
  ['a spec without tests', 'run empty.spec.ts --env sim', /empty\.spec\.ts has no tests/],
  [
    'a spec that does not compile',
    'run broken.spec.ts --env sim',
    /broken\.spec\.ts:2:\d+: the spec does not compile: /,
  ],
  ['an unknown state in a spec', 'run state.spec.ts --env sim', /no state "shel"; did you mean "shell"\?/],
  [
    'an unknown state on the command line',
    'run a.spec.ts --env sim --state shel',
    /no state "shel"; did you mean "shell"\?/,
  ],
  [
    'a --grep that nothing matches',
    'run a.spec.ts --env sim --grep nothing',
    /no test matches --grep "nothing"/,
  ],
  ['a console without a terminal', 'console --env sim', /a console can be attached to a terminal only/],
  ['debugging without a terminal', 'run a.spec.ts --env sim --debug', /a terminal only/],
  ['an unknown strategy', 'strategy show bareboks', /no strategy "bareboks"; did you mean "barebox"\?/],
  ['a report that is not there', 'report path', /no run has left a report in reports yet/],
  ['a report without events', 'report make env', /env\/events\.jsonl can't be read/],
  [
    'a report directory that cannot be',
    'run a.spec.ts --env sim --report-dir a.spec.ts',
    /report directory .* can't be written/,
  ],
]

describe('what is wrong on the command line', function () {
  this.timeout(60_000)

  for (const [what, line, sentence] of table) {
    it(`is told in a sentence, and exits with 2: ${what}`, async () => {
      await using bench = await makeBench(files)
      const { exitCode, stdout, stderr } = await bench.hil(line.split(' ').filter((word) => word !== ''))
      assert.match(stdout + stderr, sentence)
      assert.equal(exitCode, 2)
      assert.doesNotMatch(stdout + stderr, /^ +at .*\(.*src\//m, 'a stack is for bugs')
    })
  }

  it('comes with its stack under HIL_DEBUG=1', async () => {
    await using bench = await makeBench(files)
    const { stderr } = await bench.hil(['run', 'b.spec.ts', '--env', 'sim'], { HIL_DEBUG: '1' })
    assert.match(stderr, /^hil: there is no spec b\.spec\.ts .*\nHilError: .*\n +at .*spec-files/)
  })

  it('refuses a level of the log that does not exist', async () => {
    await using bench = await makeBench(files)
    const { exitCode, stderr } = await bench.hil(['run', 'a.spec.ts', '--env', 'sim'], { HIL_LOG: 'loud' })
    assert.match(stderr, /HIL_LOG is "loud"; it takes error, warn, info, debug/)
    assert.equal(exitCode, 2)
  })
})
