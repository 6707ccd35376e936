import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { catalogue } from '../../../src/app/catalogue.ts'
import type { Bootloader } from '../../../src/board/bootloader.ts'
import type { ServedFile, ServerAddress } from '../../../src/board/boot-plan.ts'
import { startDeadline, type Deadline } from '../../../src/core/deadline.ts'
import type { FileFetched, RunEventBody } from '../../../src/core/events.ts'
import { Redactor } from '../../../src/core/redaction.ts'
import { loadEnvironment } from '../../../src/environment/load-environment.ts'
import { takeBoard } from '../../../src/lab/take-board.ts'
import { closeSocket, openUdpSocket } from '../../../src/servers/tftp/udp-socket.ts'
import { bareboxImage } from '../../../scripts/setup/places.mjs'
import { writeFiles } from '../../support/environment-files.ts'
import { itWith } from '../../support/requirements.ts'

interface AtPrompt {
  readonly prompt: Bootloader
  readonly server: ServerAddress
  readonly file: ServedFile
  readonly t: Deadline
}

/** More blocks than one chunk of the server holds, in a size that is no multiple of anything. */
const image = randomBytes(1_234_567)

/** QEMU answers at port 69 of 10.0.2.2 itself, but takes packets to other addresses out to the host. */
const loopback = '127.0.0.2'
const port69 = await canListen(loopback, 69)

describe('hil serves by TFTP from its own process', () => {
  const bareboxes = [
    {
      name: 'barebox in QEMU',
      needs: ['barebox'],
      machine: `{ driver: qemu, firmware: "${bareboxImage()}" }`,
    },
    { name: 'the simulated barebox', needs: [], machine: 'simulator' },
  ]
  for (const { name, needs, machine } of bareboxes) {
    itWith(needs, `to ${name}, at a port that needs no privilege`, async () => {
      const fetched = await atPrompt(
        { machine, bootloader: 'barebox', tftp: '{ embedded: true }' },
        async ({ prompt, server, file, t }) => {
          assert.equal(server.host, '10.0.2.2')
          assert.ok(server.port > 1023)
          await prompt.run('ifup -a1', t)
          await prompt.run('mkdir -p /mnt/tried', t)
          await prompt.run(`mount -t tftp -o port=${server.port} ${server.host} /mnt/tried`, t)
          const { stdout } = await prompt.run(`sha256sum /mnt/tried/${file.name}`, t)
          assert.ok(stdout.includes(file.sha256), stdout)
          const missing = await prompt.run('sha256sum /mnt/tried/one/other', t)
          assert.notEqual(missing.exitCode, 0)
        },
      )
      // barebox looks a file up before it reads it: it aborts as soon as it knows the size.
      assert.deepEqual(
        fetched.map(({ name, end }) => `${name} ${end}`),
        ['one/image aborted', 'one/image complete'],
      )
      assert.equal(fetched.at(-1)?.acknowledgedBytes, image.length)
    })
  }

  const toUboot = "to Debian's U-Boot in QEMU, which asks at port 69 only"
  if (!port69) return it.skip(`${toUboot} [skipped: port 69 of ${loopback} is not to be had for this user]`)
  itWith(['qemu'], toUboot, async () => {
    const fetched = await atPrompt(
      {
        machine: '{ driver: qemu, firmware: /usr/lib/u-boot/qemu_arm64/u-boot.bin }',
        bootloader: 'uboot',
        tftp: `{ embedded: { listen: ${loopback}, port: 69 }, address: ${loopback} }`,
      },
      async ({ prompt, server, file, t }) => {
        await prompt.run('setenv autoload no', t)
        await prompt.run('dhcp', t)
        await prompt.run(`setenv serverip ${server.host}`, t)
        const { stdout } = await prompt.run(`tftpboot 0x42000000 ${file.name}`, t)
        assert.match(stdout, new RegExp(`Bytes transferred = ${file.size} `))
        const { stdout: sum } = await prompt.run('crc32 0x42000000 ${filesize}', t)
        assert.ok(sum.includes(file.crc32.toString(16).padStart(8, '0')), sum)
      },
    )
    assert.deepEqual(
      fetched.map(({ name, end, acknowledgedBytes }) => `${name} ${end} ${acknowledgedBytes}`),
      [`one/image complete ${image.length}`],
    )
  })
})

/** @returns what the board fetched, as the events of a run tell it */
async function atPrompt(
  { machine, bootloader, tftp }: { machine: string; bootloader: string; tftp: string },
  body: (context: AtPrompt) => Promise<void>,
): Promise<readonly FileFetched[]> {
  using t = startDeadline(60_000, 'test')
  await using files = await writeFiles({
    image,
    'env.yaml': `boards:
  one:
    architecture: arm64
    machine: ${machine}
    bootloader: ${bootloader}
    network: { tftp: ${tftp} }
`,
  })
  const { boards } = await loadEnvironment(files.path('env.yaml'), { catalogue, cwd: files.directory })
  const events: RunEventBody[] = []
  let file: ServedFile | undefined
  let server: ServerAddress | 'console' | undefined
  const board = await takeBoard(
    boards[0] ?? assert.fail(),
    {
      emit: (event) => events.push(event),
      redactor: new Redactor(),
      preparePayload: async (_boot, context) => {
        file = await context.files?.publish('image', files.path('image'), t)
        server = context.files?.address
        return { bootargs: [] }
      },
      what: 'a test',
    },
    t,
  )
  try {
    await board.plan(t)
    await board.power.on(t)
    const prompt = await board.bootloader.interrupt(board.takeConsole('test'), t)
    assert.ok(server !== undefined && server !== 'console')
    await body({ prompt, server, file: file ?? assert.fail(), t })
  } finally {
    assert.deepEqual((await board.release(false)).failures, [])
  }
  return events.filter((event) => event.type === 'file-fetched')
}

async function canListen(host: string, port: number): Promise<boolean> {
  try {
    await closeSocket(await openUdpSocket(host, port))
    return true
  } catch {
    return false
  }
}
