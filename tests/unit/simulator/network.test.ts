import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTftpServer, type TftpServer } from '../../../src/servers/tftp/tftp-server.ts'
import { closeSocket, openUdpSocket } from '../../../src/servers/tftp/udp-socket.ts'
import { overrideFiles } from '../../support/barebox/override-files.ts'
import { atBarebox, bareboxPrompt, type BoardConsole } from './board-console.ts'

const content = randomBytes(50_000)

describe("The simulated board's network", () => {
  let directory: string
  let board: BoardConsole

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hil-test-'))
    await writeFile(join(directory, 'file'), content)
    board = await atBarebox()
  })

  afterEach(async () => {
    board[Symbol.dispose]()
    await rm(directory, { recursive: true })
  })

  it('reaches any TFTP server of this host, at any port, as by QEMU', async () => {
    const server = await startServer()
    await server.publish('some/file', join(directory, 'file'), board.t)
    await type('ifup -a1; mkdir /mnt/hil')
    await type(`mount -t tftp -o port=${server.address.port} 10.0.2.2 /mnt/hil`)
    assert.match(await type('cp /mnt/hil/some/file /tmp/copy; ls -l /tmp/copy'), / 50000 \/tmp\/copy/)
    await server.settled(['some/file'])
    assert.deepEqual(
      server.fetches('some/file').map(({ end, acknowledgedBytes }) => [end, acknowledgedBytes]),
      [
        ['aborted', 0],
        ['complete', 50_000],
      ],
    )
    await server.close()
  })

  it('tells what was fetched from the server that the board brings along', async () => {
    const served = await board.machine.files?.publish('file', join(directory, 'file'), board.t)
    assert.match(await type('sha256sum /mnt/tftp/file'), new RegExp(`\n${served?.sha256} `))
    await board.machine.files?.settled?.(['file'])
    assert.deepEqual(
      board.machine.files?.fetches?.('file').map(({ end, sha256 }) => [end, sha256]),
      [
        ['aborted', served?.sha256],
        ['complete', served?.sha256],
      ],
    )
  })

  it('marks the seconds without a server, and then finds no file', async () => {
    await type('ifup -a1; mkdir /mnt/hil')
    await type(`mount -t tftp -o port=${await closedPort()} 10.0.2.2 /mnt/hil`)
    assert.match(
      await type('cat /mnt/hil/file'),
      /\r\n(?:T ){14}could not open \/mnt\/hil\/file: No such file or directory\r\n/,
    )
  })

  it('lets Ctrl-C end the wait for a server', async () => {
    await type('ifup -a1; mkdir /mnt/hil')
    await type(`mount -t tftp -o port=${await closedPort()} 10.0.2.2 /mnt/hil`)
    await board.type('cat /mnt/hil/file\r')
    await board.until('T T ')
    await board.type('\x03')
    assert.doesNotMatch(await board.until(bareboxPrompt), /T T T T T T T T /)
  })

  it('says so when the server dies in the middle of a transfer', async () => {
    await using dying = await dyingServer()
    await type('ifup -a1; mkdir /mnt/hil')
    await type(`mount -t tftp -o port=${dying.port} 10.0.2.2 /mnt/hil`)
    assert.match(
      await type('sha256sum /mnt/hil/file'),
      /(?:T ){14}\/mnt\/hil\/file: Connection timed out\r\n/,
    )
  })

  it('does not pretend that the simulated Linux is the kernel that was fetched', async () => {
    const { Image } = await overrideFiles()
    await writeFile(join(directory, 'Image'), Image ?? assert.fail())
    await board.machine.files?.publish('Image', join(directory, 'Image'), board.t)
    await board.type('boot -o bootm.image=/mnt/tftp/Image virtioblk0\r')
    await board.until('Linux version')
    assert.deepEqual(board.machine.unsupported(), [
      'running a kernel that was loaded (the machine "simulator-qemu" does)',
    ])
  })

  async function type(line: string): Promise<string> {
    await board.type(`${line}\r`)
    return board.until(bareboxPrompt)
  }
})

function startServer(): Promise<TftpServer> {
  return startTftpServer({ host: '127.0.0.1', port: 0 })
}

async function closedPort(): Promise<number> {
  const socket = await openUdpSocket('127.0.0.1', 0)
  const { port } = socket.address()
  await closeSocket(socket)
  return port
}

/** Knows the file, sends its first block, and is gone. */
async function dyingServer() {
  const asked = await openUdpSocket('127.0.0.1', 0)
  const block = Buffer.concat([Buffer.from([0, 3, 0, 1]), Buffer.alloc(512)])
  let requests = 0
  asked.on('message', (_, { port, address }) => {
    requests += 1
    if (requests > 3) return
    // The look at the file is two packets more, which need no answer.
    void openUdpSocket('127.0.0.1', 0).then((socket) => {
      socket.send(block, port, address, () => {
        void closeSocket(socket)
      })
    })
  })
  return {
    port: asked.address().port,
    [Symbol.asyncDispose]: () => closeSocket(asked),
  }
}
