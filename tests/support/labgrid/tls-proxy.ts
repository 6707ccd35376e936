import { execa } from 'execa'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'

/** What a site puts in front of a coordinator that speaks no TLS itself. */
export interface TlsProxy extends AsyncDisposable {
  readonly address: string
  /** PEM file of its certificate, which signed itself. */
  readonly certificate: string
  /** That of its private key. */
  readonly key: string
}

/** @param directory for its files */
export async function startTlsProxy(
  target: string,
  directory: string,
  { asksForCertificate = false } = {},
): Promise<TlsProxy> {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')]
  const names = ['-subj', '/CN=lab', '-addext', 'subjectAltName=IP:127.0.0.1']
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...[...names, '-keyout', key, '-out', certificate],
  ])
  const [host, port] = target.split(':')
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer(
    {
      ...{ key: await readFile(key), cert: await readFile(certificate), ALPNProtocols: ['h2'] },
      requestCert: asksForCertificate,
    },
    (client) => {
      const upstream = connect({ host, port: Number(port) })
      for (const socket of [client, upstream]) {
        sockets.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => {
          client.destroy()
          upstream.destroy()
        })
      }
      client.pipe(upstream).pipe(client)
    },
  )
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ certificate, key },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
