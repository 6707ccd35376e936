import assert from 'node:assert/strict'
import type { BootPlan, NetworkOverride, ServedFile } from '../../../src/board/boot-plan.ts'
import type { Shell } from '../../../src/board/shell.ts'
import { startDeadline } from '../../../src/core/deadline.ts'
import { kexecIntoPayload } from '../../../src/strategy/kexec-edges.ts'
import type { StrategyBoard } from '../../../src/strategy/strategy.ts'

const file = (name: string): ServedFile => ({ name, size: 1, sha256: 'ab'.repeat(32), crc32: 1 })

const whole: NetworkOverride = {
  server: { host: '10.0.0.1', port: 69 },
  image: file('one/Image'),
  isWhole: false,
  needsChecksums: true,
}

/** @param answers what the system says to commands that hold a text, and with which status; all else succeeds */
async function kexec(
  plan: Partial<BootPlan>,
  answers: Readonly<Record<string, readonly [exitCode: number, stdout: string]>> = {},
) {
  using t = startDeadline(5000, 'test')
  const commands: string[] = []
  const run: Shell['run'] = (command) => {
    commands.push(command)
    const [, [exitCode, stdout] = [0, '']] =
      Object.entries(answers).find(([text]) => command.includes(text)) ?? []
    return Promise.resolve({ command, exitCode, stdout, kernelLines: [], durationMs: 0 })
  }
  const shell: Shell = {
    kind: 'shell',
    run,
    leave: () => Promise.reject(new Error('it goes no further here')),
  }
  const board = { name: 'one', plan: () => Promise.resolve({ bootargs: ['new=1'], ...plan }) }
  const error: unknown = await kexecIntoPayload(board as unknown as StrategyBoard, { shell }, t).catch(
    (thrown: unknown) => thrown,
  )
  return { error: error as { code?: string; blame?: string; message: string }, commands }
}

describe('A payload that is to be started by kexec', () => {
  it('is needed, and must not build on what only a bootloader knows', async () => {
    for (const [override, sentence] of [
      [undefined, /there is none: give it a payload with a kernel/],
      [
        { ...whole, initrd: { keepsOwn: true, files: [file('modules')] } },
        /can't add to the initrd of one: give it a whole one/,
      ],
      [
        { ...whole, deviceTree: { base: 'own', overlays: [file('x.dtbo')] } },
        /can't apply overlays to the device tree of one/,
      ],
    ] as const) {
      const { error, commands } = await kexec(override === undefined ? {} : { override })
      assert.equal(error.code, 'boot.unsupported', error.message)
      assert.equal(error.blame, 'payload')
      assert.match(error.message, sentence)
      assert.deepEqual(commands, [])
    }
  })

  it('needs a system that has kexec', async () => {
    const { error } = await kexec({ override: whole }, { 'command -v kexec': [127, ''] })
    assert.equal(error.code, 'boot.unsupported')
    assert.equal(error.blame, 'environment')
    assert.match(error.message, /kexec-tools/)
  })

  it('is not started where the system has other bytes, or can not fetch it', async () => {
    const other = await kexec({ override: whole }, { sha256sum: [0, `${'cd'.repeat(32)}  /tmp/Image\n`] })
    assert.equal(other.error.code, 'boot.fetch-failed', other.error.message)
    assert.match(other.error.message, /its SHA-256 is cdcdcdcdcdcd\.\.\. and not abababababab/)
    const none = await kexec({ override: whole }, { 'tftp ': [1, 'tftp: timeout\n'] })
    assert.equal(none.error.code, 'boot.fetch-failed')
    assert.match(none.error.message, /from 10\.0\.0\.1 port 69, by curl, tftp; .*tftp: timeout/)
    assert.ok(![...other.commands, ...none.commands].some((command) => command.startsWith('kexec -l')))
  })

  it('gets the command line of the system, but what was of its boot alone', async () => {
    const { error, commands } = await kexec(
      { override: { ...whole, initrd: { keepsOwn: false, files: [file('one/a'), file('one/b')] } } },
      {
        sha256sum: [0, `${'ab'.repeat(32)}  file\n`],
        'cat /proc/cmdline': [0, 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 hil.payload=x-y quiet\n'],
      },
    )
    assert.equal(error.message, 'it goes no further here')
    assert.ok(commands.includes('cat /tmp/hil-kexec/a /tmp/hil-kexec/b > /tmp/hil-kexec/initrd'))
    const load = commands.find((command) => command.startsWith('kexec -l'))
    assert.equal(
      load,
      "kexec -l /tmp/hil-kexec/Image --command-line='root=/dev/sda1 quiet new=1' --initrd=/tmp/hil-kexec/initrd",
    )
  })
})
