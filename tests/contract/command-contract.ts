import assert from 'node:assert/strict'
import type { CommandResult, CommandRunner, RunOptions } from '../../src/board/command-runner.ts'
import type { Deadline } from '../../src/core/deadline.ts'
import { HilError } from '../../src/core/errors.ts'

/** Something that runs commands of a POSIX shell, while its suite runs. */
export interface CommandSubject {
  readonly runner: () => Pick<CommandRunner, 'run'>
  readonly t: () => Deadline
  /** mocha's `it`, or the reason why a case can't be asked of it. */
  readonly can: (title: string, test: () => Promise<void>) => void
  /** How much of what is much. */
  readonly scale: number
}

export async function failsWith(
  { runner, t }: CommandSubject,
  command: string,
  code: string,
  deadline = t(),
): Promise<HilError> {
  const error: unknown = await runner()
    .run(command, deadline)
    .then(
      () => assert.fail(`"${command}" did not fail`),
      (thrown: unknown) => thrown,
    )
  assert.ok(error instanceof HilError, String(error))
  assert.equal(error.code, code, error.message)
  return error
}

export async function timesOut(subject: CommandSubject, command: string): Promise<HilError> {
  using short = subject.t().within(300, 'a short command')
  return await failsWith(subject, command, 'command.timeout', short)
}

/** What holds of commands however a board is reached: on its console, over SSH. */
export function commandCases(subject: CommandSubject): void {
  const { runner, t, can, scale } = subject

  const run = async (command: string, runOptions?: RunOptions) => {
    const { exitCode, stdout } = await runner().run(command, t(), runOptions)
    return { exitCode, stdout }
  }

  const prints = async (command: string, stdout: string, exitCode = 0) => {
    assert.deepEqual(await run(command), { exitCode, stdout })
  }

  /** A console has both outputs in one; where they come apart, errors come behind. */
  const both = async (command: string) => {
    const result: CommandResult & { readonly stderr?: string } = await runner().run(command, t())
    return result.stdout + (result.stderr ?? '')
  }

  const assertWorks = () => prints('echo works', 'works\n')

  can('tells the status and just the output of a command', async () => {
    await prints('true', '')
    await prints('false', '', 1)
    await prints('(exit 255)', '', 255)
    assert.equal(await both('echo one; echo two >&2'), 'one\ntwo\n')
    await prints('printf "no line end"', 'no line end')
    await prints('echo; echo', '\n\n')
    await prints('', '')
    assert.equal((await run('nosuchcommand')).exitCode, 127)
    assert.match(await both('nosuchcommand'), /nosuchcommand.*not found\n$/)
  })

  can('takes quotes, comments, here-documents, several lines and any text', async () => {
    await prints(`echo 'it'"'"'s' "\\"" \\\\ '$x' a # b`, `it's " \\ $x a\n`)
    await prints('# nothing', '')
    await prints('if true\nthen echo yes # why\nfi\nfalse', 'yes\n', 1)
    await prints('cat <<END\n  one\ttwo\nEND', '  one\ttwo\n')
    await prints('echo grün € 1:\u0301 0', 'grün € 1:\u0301 0\n')
    await prints(String.raw`printf '%s' '\0303 \n \\ %d'`, String.raw`\0303 \n \\ %d`)
    await prints("printf '%s' 'a\x01b\x7fc'", 'a\x01b\x7fc')
  })

  can('takes commands that are longer than a line of the terminal', async () => {
    const word = 'wörd '.repeat(2400 * scale)
    await prints(`printf '%s' '${word}'`, word)
    await prints(`echo ${'x'.repeat(4090)}`, `${'x'.repeat(4090)}\n`)
  })

  can('gives commands that read an empty input', async () => {
    await prints('cat', '')
    await prints('read -r line; echo "status $?"', 'status 1\n')
    await assertWorks()
  })

  can('calls a syntax error a failure', async () => {
    for (const command of ['if true', 'echo "never closed', 'echo )', 'done']) {
      const { exitCode } = await run(command)
      assert.notEqual(exitCode, 0, command)
    }
    await assertWorks()
  })

  can('sets environment and directory for one command alone', async () => {
    const env = { QUOTES: `it's "$HOME" \\ \`x\``, EMPTY: '', LINES2: 'a\nb' }
    const outer = (await run('pwd')).stdout
    assert.deepEqual(await run('pwd; printf "%s|" "$QUOTES" "$EMPTY" "$LINES2"', { env, cwd: '/proc' }), {
      exitCode: 0,
      stdout: `/proc\n${env.QUOTES}||a\nb|`,
    })
    await prints('pwd; echo "$QUOTES"', `${outer}\n`)
    assert.notEqual((await run('echo not here', { cwd: "/no such 'dir'" })).exitCode, 0)
    await assert.rejects(run('true', { env: { 'A;B': '' } }), { code: 'command.environment' })
    await assertWorks()
  })

  can('stops a loop of builtins that never ends', async () => {
    const error = await timesOut(subject, 'while :; do :; done')
    assert.equal(error.details['recovered'], true)
    assert.equal(error.blame, 'board')
    await assertWorks()
  })

  can('brings megabytes of output, all of them', async () => {
    const last = 300_000 * scale
    const { stdout } = await run(`seq 1 ${last}`)
    assert.equal(stdout, `${Array.from({ length: last }, (_, i) => i + 1).join('\n')}\n`)
  })
}
