/** The kernel's last words when it was told to stop, as a bounded pattern. */
export const kernelStopped = /reboot: (Restarting system|Power down|System halted)/
