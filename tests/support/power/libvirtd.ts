import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer, type ServerProcess } from './server-process.ts'

/** A libvirtd of a test's own with libvirt's test driver: its one machine, "test", runs in nobody's computer. */
export interface Libvirtd extends AsyncDisposable {
  readonly uri: string
  readonly server: ServerProcess
}

export async function startLibvirtd(): Promise<Libvirtd> {
  const directory = await mkdtemp(join(tmpdir(), 'hil-virt-'))
  // As root it would look after the networks and machines of this computer.
  const isRoot = process.getuid?.() === 0
  if (isRoot) chownSync(directory, 65_534, 65_534)
  const drop = isRoot ? ['--reuid', '65534', '--regid', '65534', '--clear-groups'] : []
  const places = ['HOME', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME']
  const env = { ...process.env, ...Object.fromEntries(places.map((name) => [name, directory])) }
  const server = await startServer(
    [...(isRoot ? ['setpriv', ...drop] : []), 'libvirtd', '--verbose'],
    (line) => line.includes('libvirt version'),
    { env, cwd: directory },
  )
  const uri = `test+unix:///default?socket=${join(directory, 'libvirt', 'libvirt-sock')}`
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
    uri,
    server,
    async [Symbol.asyncDispose]() {
      holder.kill('SIGKILL')
      await ended
      await server[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
