/**
 * What a kernel logs before it starts userspace: seconds since its start, then the message. Taken
 * from a recorded boot of Linux 6.1 on QEMU's arm64 `virt` machine, with placeholders in braces.
 */
export const bootMessages = `\
0.000000 Booting Linux on physical CPU 0x0000000000 [0x411fd070]
0.000000 Linux version {release} {build}
0.000000 random: crng init done
0.000000 Machine model: {model}
0.000000 psci: probing for conduit method from DT.
0.000000 psci: PSCIv1.1 detected in firmware.
0.000000 psci: Using standard PSCI v0.2 function IDs
0.000000 Detected PIPT I-cache on CPU0
0.000000 CPU features: detected: Spectre-v2
0.000000 CPU features: detected: Spectre-v3a
0.000000 CPU features: detected: Spectre-v4
0.000000 CPU features: detected: Spectre-BHB
0.000000 CPU features: detected: Kernel page table isolation (KPTI)
0.000000 alternatives: applying boot alternatives
0.000000 Kernel command line: {commandLine}
0.000000 Dentry cache hash table entries: 131072 (order: 8, 1048576 bytes, linear)
0.000000 Inode-cache hash table entries: 65536 (order: 7, 524288 bytes, linear)
0.000000 mem auto-init: stack:all(zero), heap alloc:on, heap free:off
0.000000 Memory: {available}K/{total}K available (13248K kernel code, 2806K rwdata, 9524K rodata, 6464K init, 627K bss, 54084K reserved, 65536K cma-reserved)
0.000000 SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=1, Nodes=1
0.000000 rcu: Hierarchical RCU implementation.
0.000000 rcu: 	RCU restricting CPUs from NR_CPUS=256 to nr_cpu_ids=1.
0.000000 NR_IRQS: 64, nr_irqs: 64, preallocated irqs: 0
0.000000 arch_timer: cp15 timer(s) running at 62.50MHz (virt).
0.000000 clocksource: arch_sys_counter: mask: 0x1ffffffffffffff max_cycles: 0x1cd42e208c, max_idle_ns: 881590405314 ns
0.000055 sched_clock: 57 bits at 63MHz, resolution 16ns, wraps every 4398046511096ns
0.012110 Console: colour dummy device 80x25
0.013795 Calibrating delay loop (skipped), value calculated using timer frequency.. 125.00 BogoMIPS (lpj=250000)
0.013949 pid_max: default: 32768 minimum: 301
0.019109 Mount-cache hash table entries: 2048 (order: 2, 16384 bytes, linear)
0.059803 rcu: Hierarchical SRCU implementation.
0.059850 rcu: 	Max phase no-delay instances is 1000.
0.065953 smp: Bringing up secondary CPUs ...
0.066019 smp: Brought up 1 node, 1 CPU
0.066035 SMP: Total of 1 processors activated.
0.066102 CPU features: detected: 32-bit EL0 Support
0.066112 CPU features: detected: 32-bit EL1 Support
0.066154 CPU features: detected: CRC32 instructions
0.067550 CPU: All CPU(s) started at EL1
0.067679 alternatives: applying system-wide alternatives
0.161784 devtmpfs: initialized
0.179603 clocksource: jiffies: mask: 0xffffffff max_cycles: 0xffffffff, max_idle_ns: 7645041785100000 ns
0.179715 futex hash table entries: 256 (order: 2, 16384 bytes, linear)
0.184184 pinctrl core: initialized pinctrl subsystem
0.196155 NET: Registered PF_NETLINK/PF_ROUTE protocol family
0.224176 ASID allocator initialised with 32768 entries
0.225467 Serial: AMBA PL011 UART driver
0.241155 9000000.pl011: ttyAMA0 at MMIO 0x9000000 (irq = 13, base_baud = 0) is a PL011 rev1
0.259710 printk: console [ttyAMA0] enabled
0.319937 iommu: Default domain type: Translated
0.342899 clocksource: Switched to clocksource arch_sys_counter
0.409081 VFS: Disk quotas dquot_6.6.0
0.409479 VFS: Dquot-cache hash table entries: 512 (order 0, 4096 bytes)
0.425231 NET: Registered PF_INET protocol family
0.432654 TCP established hash table entries: 8192 (order: 4, 65536 bytes, linear)
0.439550 TCP: Hash tables configured (established 8192 bind 8192)
0.443805 NET: Registered PF_UNIX/PF_LOCAL protocol family
0.461024 Initialise system trusted keyrings
0.462526 Trying to unpack rootfs image as initramfs...
0.515298 Freeing initrd memory: 1012K
0.542772 io scheduler mq-deadline registered
0.583854 Serial: 8250/16550 driver, 4 ports, IRQ sharing enabled
0.587491 Serial: AMBA driver
0.602418 ledtrig-cpu: registered to indicate activity on CPUs
0.653726 NET: Registered PF_INET6 protocol family
0.672947 NET: Registered PF_PACKET protocol family
0.675734 registered taskstats version 1
0.947426 clk: Disabling unused clocks
0.950702 uart-pl011 9000000.pl011: no DMA platform data
`

/** What it logs between that and the first program. */
export const lateMessages = `\
1.005377 Freeing unused kernel memory: 6464K
1.031752 Run {init} as init process
`
