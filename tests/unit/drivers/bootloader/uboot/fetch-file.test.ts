import assert from 'node:assert/strict'
import type { ServedFile, ServerAddress } from '../../../../../src/board/boot-plan.ts'
import type { CommandRunner } from '../../../../../src/board/command-runner.ts'
import { startDeadline } from '../../../../../src/core/deadline.ts'
import { fetchFile } from '../../../../../src/drivers/bootloader/uboot/fetch-file.ts'
import { bringUpNetwork } from '../../../../../src/drivers/bootloader/uboot/network.ts'
import { ubootBootloader } from '../../../../../src/drivers/bootloader/uboot.ts'

const file: ServedFile = { name: 'hil-one-1f-Image', size: 335, sha256: 'ab', crc32: 0xd8e74ff3 }
const http: ServerAddress = { host: '10.0.0.1', port: 8080, httpPath: '/images' }

/** As U-Boot 2025.01 said it. */
const fetched = `HTTP/1.0 200 OK| | | | | | | |
Packets received 5, Transfer Successful
Bytes transferred = 335 (14f hex)
`
const notFound = fetched.replace('200 OK', '404 File not found')

/** A prompt that answers to the first words of commands. */
function prompt(answers: Readonly<Record<string, { readonly stdout: string; readonly exitCode?: number }>>) {
  const commands: string[] = []
  const run: CommandRunner['run'] = (command) => {
    commands.push(command)
    const { stdout = '', exitCode = 0 } = answers[command.split(' ')[0] ?? ''] ?? {}
    return Promise.resolve({ command, exitCode, stdout, kernelLines: [], durationMs: 1 })
  }
  return { run, commands }
}

describe('A file that U-Boot fetches', () => {
  it('comes by TFTP, or by HTTP where the server speaks that', async () => {
    using t = startDeadline(1000, 'test')
    const sum = { stdout: 'crc32 for 42000000 ... 4200014e ==> d8e74ff3\n' }
    for (const [server, command] of [
      [{ host: '10.0.0.1', port: 69 }, 'tftpboot 0x42000000 hil-one-1f-Image'],
      [http, 'wget 0x42000000 10.0.0.1:/images/hil-one-1f-Image'],
      [{ ...http, httpPath: '' }, 'wget 0x42000000 10.0.0.1:/hil-one-1f-Image'],
    ] as const) {
      const uboot = prompt({ tftpboot: { stdout: fetched }, wget: { stdout: fetched }, crc32: sum })
      await fetchFile(uboot, file, '0x42000000', server, t)
      assert.deepEqual(uboot.commands, [command, 'crc32 0x42000000 14f'])
    }
  })

  it('is not an error page, which wget takes for the file', async () => {
    using t = startDeadline(1000, 'test')
    const uboot = prompt({ wget: { stdout: notFound } })
    await assert.rejects(fetchFile(uboot, { ...file, size: 1000 }, '0x42000000', http, t), {
      code: 'boot.fetch-failed',
      message: /brought 335 bytes and not 1000: it said "HTTP\/1\.0 404 File not found \/ Packets received/,
    })
  })

  it('is not found where U-Boot has no wget', async () => {
    using t = startDeadline(1000, 'test')
    const uboot = prompt({ wget: { stdout: "Unknown command 'wget' - try 'help'\n", exitCode: 1 } })
    await assert.rejects(fetchFile(uboot, file, '0x42000000', http, t), {
      code: 'boot.fetch-failed',
      message: /failed: it said "Unknown command 'wget'/,
    })
  })

  it('comes from the port of its server', async () => {
    using t = startDeadline(1000, 'test')
    const options = ubootBootloader.schema.parse({})
    for (const [server, variable] of [
      [http, 'httpdstp'],
      [{ host: '10.0.0.1', port: 6969 }, 'tftpdstp'],
    ] as const) {
      const uboot = prompt({})
      await bringUpNetwork(uboot, server, options, t)
      assert.ok(
        uboot.commands.some(
          (command) =>
            command.includes(`${variable} ${server.port}`) ||
            command.includes(`${variable} '${server.port}'`),
        ),
        uboot.commands.join('; '),
      )
    }
  })
})
