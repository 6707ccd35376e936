import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { KernelLogReader } from '../../../src/kernel/kernel-log-reader.ts'
import { readKernelLog } from '../../../src/kernel/read-kernel-log.ts'
import type { Stage } from '../../../src/kernel/stages/stage.ts'

const fixtures = new URL('../../fixtures/', import.meta.url)

function stagesOf(log: string | Uint8Array): string[] {
  return readKernelLog(log).stages.map(({ boot, name }) => `${boot} ${name}`)
}

function recorded(file: string): Buffer {
  return readFileSync(new URL(file, fixtures))
}

const kernel = [
  '[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x411fd070]',
  '[    0.000000] Linux version 6.9.0 (me@here)',
  '[    0.000017] sched_clock: 64 bits at 62MHz',
  '[    0.500000] printk: console [ttyS0] enabled',
].join('\r\n')
const userspace = '[    1.000000] Run /sbin/init as init process\r\nboard login: '

describe('the stages of a boot', () => {
  it('follows a boot from power to shell, with both clocks', () => {
    const stages: Stage[] = []
    const reader = new KernelLogReader({ onStage: (stage) => stages.push(stage) })
    reader.powered(100)
    reader.push('U-Boot SPL 2024.01\r\n', 200)
    reader.push('U-Boot 2024.01\r\n', 300)
    reader.push(`${kernel}\r\n`, 400)
    reader.push('[    1.000000] Run /init as init process\r\n', 500)
    reader.push('[    2.000000] systemd[1]: systemd 254 running in system mode\r\n', 600)
    reader.push('board login: ', 700)
    reader.push('root\r\nroot@board:~# ', 800)
    assert.deepEqual(
      stages.map(({ name, hostTimeMs, kernelTime }) => [name, hostTimeMs, kernelTime]),
      [
        ['power', 100, undefined],
        ['firmware', 200, undefined],
        ['bootloader', 300, undefined],
        ['kernel', 400, 0],
        ['initramfs', 500, 1],
        ['init', 600, 2],
        ['login', 700, undefined],
        ['shell', 800, undefined],
      ],
    )
    assert.equal(stages[1]?.offset, 0)
    assert.equal(stages[2]?.offset, 20)
  })

  it('sees the stages of real boots', () => {
    assert.deepEqual(stagesOf(recorded('transcripts/barebox-devboot-to-shell.log')), [
      '1 bootloader',
      '1 kernel',
      '1 initramfs',
      '1 shell',
    ])
    assert.deepEqual(stagesOf(recorded('transcripts/uboot-netboot-to-shell.log')), [
      '1 bootloader',
      '1 kernel',
      '1 initramfs',
    ])
  })

  it('tells a prompt before its line is complete, however it comes', () => {
    const stages: Stage[] = []
    const reader = new KernelLogReader({ onStage: (stage) => stages.push(stage) })
    for (const byte of Buffer.from(`${kernel}\r\n${userspace}`)) reader.push(Uint8Array.of(byte))
    assert.equal(stages.at(-1)?.name, 'login')
  })

  it('takes no bootloader prompt for a shell', () => {
    assert.deepEqual(stagesOf('U-Boot 2024.01\r\n=> # \r\n# '), ['1 bootloader'])
  })

  it('takes no line of a test protocol for a shell, and sees the shell after it', () => {
    const ktap = 'KTAP version 1\r\n1..2\r\n# pump\r\nok 1 fill\r\nnot ok 2 drain # TODO\r\n'
    assert.deepEqual(stagesOf(`${kernel}\r\n${ktap}`), ['1 kernel'])
    assert.deepEqual(stagesOf(`${kernel}\r\n${ktap}/ # `), ['1 kernel', '1 shell'])
  })

  it('calls a second bootloader after the kernel a silent reset', () => {
    const { findings, stages } = readKernelLog(`U-Boot 2024.01\r\n${kernel}\r\nU-Boot 2024.01\r\n`)
    assert.deepEqual(
      findings.map(({ title, level, lines }) => ({ title, level, lines })),
      [{ title: 'unexpected kernel reboot', level: 'fatal', lines: ['U-Boot 2024.01'] }],
    )
    assert.deepEqual(
      stages.map(({ boot, name }) => `${boot} ${name}`),
      ['1 bootloader', '1 kernel', '2 bootloader'],
    )
  })

  /** A boot of 30 lines. @param jitter in microseconds: how much later than in another all but the first are */
  function longBoot(jitter: number): string {
    const lines = Array.from({ length: 30 }, (_, at) => {
      const time = (at === 0 ? 17 : at * 4000 + jitter) / 1e6
      return `[    ${time.toFixed(6)}] driver ${at} is there`
    })
    return [...kernel.split('\r\n').slice(0, 2), ...lines].join('\r\n')
  }

  it('calls a second kernel a silent reset, though its first line comes at the very same time', () => {
    const [once, again] = [longBoot(0), longBoot(3)]
    const reader = new KernelLogReader({ onFinding: ({ title }) => found.push(title) })
    const found: string[] = []
    reader.push(`${once}\r\n${userspace}\r\n`)
    for (const line of again.split('\r\n').slice(0, 8)) reader.push(`${line}\r\n`)
    assert.deepEqual(found, ['unexpected kernel reboot'])
    reader.push(again.split('\r\n').slice(8).join('\r\n'))
    reader.end()
    assert.equal(found.length, 1)
  })

  it('calls it so where the first one did not get far', () => {
    const [once, again] = [longBoot(0), longBoot(3)].map((log) => log.split('\r\n').slice(0, 5).join('\r\n'))
    assert.deepEqual(
      readKernelLog(`${once}\r\n${again}\r\n`).findings.map(({ title }) => title),
      ['unexpected kernel reboot'],
    )
  })

  it('knows every one of many boots, each with its log shown again', () => {
    const boots = Array.from({ length: 60 }, (_, at) => longBoot(at * 3))
    const log = boots.flatMap((boot) => [boot, userspace, boot, '']).join('\r\n')
    const { stages } = readKernelLog(log, { knowsPower: false })
    assert.equal(stages.filter(({ name }) => name === 'kernel').length, boots.length)
  })

  it('takes parts of a log for no boot, nor a log that has more than the console', () => {
    const boot = longBoot(0).split('\r\n')
    const [first = '', ...others] = boot
    const everyThird = [first, ...others.filter((_, at) => at % 3 === 0)]
    for (const [booted, shown] of [
      [boot, everyThird],
      [boot, [first, ...others.slice(25)]],
      [everyThird, boot],
    ] as const) {
      const log = [...booted, userspace, ...shown, '[  100.000000] usb 1-1: unplugged', ''].join('\r\n')
      assert.deepEqual(readKernelLog(log).findings, [])
    }
  })

  for (const [why, text] of [
    ['the kernel said that it restarts', '[    9.000000] reboot: Restarting system\r\nU-Boot 2024.01\r\n'],
    ['the kernel panicked', '[    9.000000] Kernel panic - not syncing: x\r\nU-Boot 2024.01\r\n'],
  ] as const) {
    it(`is not surprised by another boot where ${why}`, () => {
      const { findings, stages } = readKernelLog(`${kernel}\r\n${text}`)
      assert.deepEqual(
        findings.filter(({ kind }) => kind === 'reset'),
        [],
      )
      assert.equal(stages.at(-1)?.boot, 2)
    })
  }

  it('is not surprised by a reset that was asked for', () => {
    for (const ask of ['powered', 'expectReboot'] as const) {
      const found: string[] = []
      const reader = new KernelLogReader({ onFinding: ({ title }) => found.push(title) })
      reader.push(`${kernel}\r\n`)
      reader[ask](0)
      reader.push('U-Boot 2024.01\r\n')
      assert.deepEqual(found, [], ask)
    }
  })

  it('ends a line that the power switch cut', () => {
    const stages: Stage[] = []
    const reader = new KernelLogReader({ onStage: (stage) => stages.push(stage) })
    reader.push(`${kernel}\r\n[    2.000000] usb 1-1: new hi`)
    reader.powered(0)
    reader.push('U-Boot 2024.01\r\n')
    assert.deepEqual(
      stages.map(({ boot, name, line }) => ({ boot, name, line })),
      [
        { boot: 1, name: 'kernel', line: 1 },
        { boot: 2, name: 'power', line: 6 },
        { boot: 2, name: 'bootloader', line: 6 },
      ],
    )
  })

  it('makes nothing of another boot in a log of which nobody knows when power was switched', () => {
    const log = `${kernel}\r\nU-Boot 2024.01\r\n`
    const [finding] = readKernelLog(log, { knowsPower: false }).findings
    assert.equal(finding?.level, 'info')
    assert.equal(finding.excuse, 'the board may have been switched off and on')
  })

  it('takes a log that is shown again for what it is', () => {
    for (const shown of [kernel, kernel.split('\r\n').slice(0, 2).join('\r\n')]) {
      const log = `${kernel}\r\n${userspace}\r\n${shown}\r\n[  100.000000] usb 1-1: unplugged\r\n`
      assert.deepEqual(readKernelLog(log).findings, [])
    }
  })

  it('takes the output of `cat /proc/version` for no boot, whether the kernel puts times before its lines or not', () => {
    for (const booted of [kernel, kernel.replaceAll(/\[ {4}\d\.\d{6}\] /g, '')]) {
      const log = `${booted}\r\n${userspace}\r\nLinux version 6.9.0 (me@here)\r\n`
      const { findings, stages } = readKernelLog(log)
      assert.deepEqual(findings, [])
      assert.equal(stages.at(-1)?.boot, 1)
    }
  })

  it('calls a second kernel without times a silent reset', () => {
    const booted = kernel.replaceAll(/\[ {4}\d\.\d{6}\] /g, '')
    const { findings, stages } = readKernelLog(`${booted}\r\n${userspace}\r\n${booted}\r\n`)
    assert.deepEqual(
      findings.map(({ title }) => title),
      ['unexpected kernel reboot'],
    )
    assert.equal(stages.at(-1)?.boot, 2)
  })

  it('takes the lines of a console that comes late for the same boot', () => {
    assert.deepEqual(stagesOf(`${kernel}\r\n${kernel}\r\n${userspace}`), ['1 kernel', '1 init', '1 login'])
  })
})
