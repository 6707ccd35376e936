import { HilError } from '../../core/errors.ts'

/** What to do about a port below 1024, in the order of preference. @param program that is to listen there */
export function privilegedPortRemedies(port: number, program: string = process.execPath): readonly string[] {
  return [
    `let everyone on this machine listen from ${port} on: sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}`,
    `let this Node listen there: sudo setcap cap_net_bind_service=+ep ${program}`,
    `lend it the port for one command: authbind --deep hil ... (after: sudo install -m 755 /dev/null /etc/authbind/byport/${port})`,
    `listen higher and redirect: "embedded: { port: 6969 }" with "port: ${port}", and: sudo iptables -t nat -A PREROUTING -p udp --dport ${port} -j REDIRECT --to-ports 6969`,
  ]
}

/** Why a server could not start to listen, as what somebody can do about it. */
export function bindError(host: string, port: number, cause: unknown): HilError {
  const { code, message } = cause as NodeJS.ErrnoException
  const where = `${host} port ${port}`
  const options = { blame: 'environment', details: { host, port }, cause } as const
  if (code === 'EACCES') {
    const remedies = privilegedPortRemedies(port)
    return new HilError(
      'tftp.port-not-allowed',
      `the TFTP server may not listen on ${where}: ports below 1024 need a privilege. One of these helps:\n` +
        remedies.map((remedy) => `  - ${remedy}`).join('\n') +
        '\nor, if the bootloader can ask another port (barebox can), a higher one: "embedded: { port: 6969 }"',
      { ...options, details: { ...options.details, remedies } },
    )
  }
  if (code === 'EADDRINUSE') {
    return new HilError(
      'tftp.port-in-use',
      `the TFTP server can't listen on ${where}: another program does. "sudo ss -lunp sport = ${port}" names it; ` +
        'stop it, let hil put files into its directory (network: { tftp: { directory: ... } }), or choose another port',
      options,
    )
  }
  if (code === 'EADDRNOTAVAIL') {
    return new HilError(
      'tftp.no-such-address',
      `the TFTP server can't listen on ${host}: this machine has no such address`,
      options,
    )
  }
  return new HilError('tftp.not-listening', `the TFTP server can't listen on ${where}: ${message}`, options)
}
