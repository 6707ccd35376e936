/**
 * Lines after which a kernel does not go on, as bounded patterns. Their one group says why.
 * An oops is not among them: the kernel may live on, and what it means is decided elsewhere.
 */
export const kernelPanic = /Kernel panic - not syncing: ([^\r\n]{1,200})/

/**
 * A panic that the kernel itself printed just now, on a terminal that adds no CR: a program that
 * shows an old log (`dmesg`, pstore) ends its lines with LF alone.
 */
export const livePanic = /Kernel panic - not syncing: ([^\r\n]{1,200})\r/

/** The kernel's last words when it was told to stop. */
export const kernelStopped = /reboot: (Restarting system|Power down|System halted)/
