import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { pushModules } from '../../../../src/app/push/push-modules.ts'
import type { CommandRunner } from '../../../../src/board/command-runner.ts'
import type { ModuleFile } from '../../../../src/build/modules/read-module-file.ts'
import { startDeadline } from '../../../../src/core/deadline.ts'
import type { HilError } from '../../../../src/core/errors.ts'

/** A shell of this machine; what would touch its kernel is answered by the test. */
function shellWith(answers: Readonly<Record<string, string>>) {
  const ran: string[] = []
  const shell: Pick<CommandRunner, 'run'> = {
    async run(command) {
      const answer = Object.entries(answers).find(([start]) => command.startsWith(start))?.[1]
      if (/^(?:insmod|rmmod|echo)/.test(command)) ran.push(command.replace(/\/tmp\/\S+\//, ''))
      const isOurs = answer !== undefined || /^(?:insmod|rmmod|echo|dmesg|for p in insmod)/.test(command)
      const stdout = answer ?? (isOurs ? '' : (await promisify(execFile)('/bin/sh', ['-c', command])).stdout)
      const exitCode = stdout.startsWith('!') ? 1 : 0
      return { command, exitCode, stdout: stdout.replace(/^!/, ''), kernelLines: [], durationMs: 0 }
    },
  }
  return { shell, modulesRan: () => ran.filter((command) => !command.startsWith('echo')) }
}

function moduleFile(name: string, depends: readonly string[] = [], release = '6.1.0'): ModuleFile {
  return {
    path: `${name}.ko`,
    info: {
      ...{ name, depends, vermagic: `${release} SMP mod_unload aarch64`, isSigned: false },
      ...{ aliases: [], softdeps: [], symbols: [], architecture: 'arm64', size: 3, debugBytes: 0 },
    },
    bytes: createHash('sha512').update(name).digest(),
  }
}

const running = {
  'uname -r': '6.1.0\n',
  'cat /proc/modules': 'low 1 1 high, Live 0x0\nhigh 1 0 - Live 0x0\n',
}

describe('pushing modules', () => {
  it('unloads and loads in the order of what they need, after everything has arrived', async () => {
    using t = startDeadline(20_000, 'the test')
    const { shell, modulesRan } = shellWith(running)
    const { unloaded, loaded } = await pushModules(shell, [moduleFile('high', ['low']), moduleFile('low')], t)
    assert.deepEqual(modulesRan(), ['rmmod high', 'rmmod low', 'insmod low.ko', 'insmod high.ko'])
    assert.deepEqual(
      [unloaded, loaded],
      [
        ['high', 'low'],
        ['low', 'high'],
      ],
    )
  })

  async function failure(answers: Readonly<Record<string, string>>, ...files: readonly ModuleFile[]) {
    using t = startDeadline(20_000, 'the test')
    const { shell, modulesRan } = shellWith({ ...running, ...answers })
    const error = await pushModules(shell, files, t).then(
      () => assert.fail('it succeeded'),
      (thrown: unknown) => thrown as HilError,
    )
    return { error, ran: modulesRan() }
  }

  it('refuses a module of another kernel before anything is sent', async () => {
    const { error, ran } = await failure({}, moduleFile('low', [], '6.6.1'))
    assert.equal(error.code, 'push.vermagic')
    assert.match(error.message, /low\.ko is for kernel 6\.6\.1, and 6\.1\.0 runs/)
    assert.deepEqual(ran, [])
  })

  it('names the module that uses one which is to go', async () => {
    const { error, ran } = await failure({}, moduleFile('low'))
    assert.equal(error.code, 'push.in-use')
    assert.match(error.message, /low can't be unloaded: high uses it; push that too/)
    assert.deepEqual(ran, [])
  })

  it('says of a module that is in use otherwise what keeps it', async () => {
    const busy = "!rmmod: can't unload module 'high': Resource temporarily unavailable"
    const { error } = await failure({ 'rmmod high': busy }, moduleFile('high', ['low']))
    assert.equal(error.code, 'push.in-use')
    assert.match(error.message, /it is in use, by a device that is open/)
  })

  it('says so where the kernel unloads no modules at all', async () => {
    const refused = "!rmmod: can't unload module 'high': Function not implemented"
    const { error } = await failure({ 'rmmod high': refused }, moduleFile('high', ['low']))
    assert.equal(error.code, 'push.not-unloaded')
    assert.match(error.message, /built without CONFIG_MODULE_UNLOAD/)
  })

  it('quotes what the kernel said of a symbol that it does not have', async () => {
    const { error } = await failure(
      { insmod: "!insmod: can't insert: unknown symbol in module, or unknown parameter" },
      moduleFile('new', ['lower']),
    )
    assert.equal(error.code, 'push.unknown-symbol')
    assert.match(error.message, /maybe of lower, which is not loaded/)
  })

  it('loads nothing that arrived as something else', async () => {
    const { error, ran } = await failure({ '{ ': 'ffff  file\n' }, moduleFile('high'))
    assert.equal(error.code, 'transfer.damaged')
    assert.equal(error.blame, 'infrastructure')
    assert.deepEqual(ran, [])
  })
})
