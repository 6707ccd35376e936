import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, watch } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer, type ServerProcess } from './server-process.ts'

/** A libvirtd of a test's own. */
export interface Libvirtd extends AsyncDisposable {
  /** Of libvirt's test driver, whose one machine, "test", runs in nobody's computer. */
  readonly uri: string
  /** Of the driver for QEMU, which has no machine yet. */
  readonly qemuUri: string
  readonly server: ServerProcess
}

const socketName = 'libvirt-sock'

/** libvirtd says its version before it listens. */
async function untilThere(directory: string, name: string): Promise<void> {
  const changes = watch(directory)
  try {
    while (!existsSync(join(directory, name))) await once(changes, 'change')
  } finally {
    changes.close()
  }
}

export async function startLibvirtd(): Promise<Libvirtd> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-virt-'))
  const runtime = join(directory, 'libvirt')
  await mkdir(runtime, { mode: 0o700 })
  // As root it would look after the networks and machines of this computer.
  const isRoot = process.getuid?.() === 0
  if (isRoot) for (const path of [directory, runtime]) chownSync(path, 65_534, 65_534)
  const drop = isRoot ? ['--reuid', '65534', '--regid', '65534', '--clear-groups'] : []
  const places = ['HOME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME']
  const env = { ...process.env, ...Object.fromEntries(places.map((name) => [name, directory])) }
  const server = await startServer(
    [...(isRoot ? ['setpriv', ...drop] : []), 'libvirtd', '--verbose'],
    (line) => line.includes('libvirt version'),
    { env, cwd: directory },
  )
  await untilThere(runtime, socketName)
  const uri = `test+unix:///default?socket=${join(runtime, socketName)}`
  const qemuUri = `qemu+unix:///session?socket=${join(runtime, socketName)}`
  // The machine lives as long as somebody is connected.
  const holder = spawn('virsh', ['--connect', uri], { stdio: ['pipe', 'pipe', 'inherit'], env })
  const ended = once(holder, 'exit')
  holder.stdin.write('domstate test\n')
  await new Promise<void>((resolve, reject) => {
    holder.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('running')) resolve()
    })
    void ended.then(() => reject(new Error('virsh ended')))
  })
  return {
    ...{ uri, qemuUri },
    server,
    async [Symbol.asyncDispose]() {
      holder.kill('SIGKILL')
      await ended
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
