#!/bin/busybox sh
# The first process of the guest: loads what it needs, takes the machine's own files (read-only, under a layer of its own),
# runs the job of the kernel's command line (`rig.job=PATH`), and powers off. The console is its log.
/bin/busybox --install -s /bin
export PATH=/bin
mkdir -p /proc /sys /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module" || echo "rig: $module was not loaded"; done </modules/order
# The line to the host carries bytes, not a person's keys.
stty raw -echo -F /dev/ttyS1
ifconfig lo 127.0.0.1 up
mkdir -p /host /layer /root
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 host /host
mount -t tmpfs layer /layer
mkdir -p /layer/upper /layer/work
mount -t overlay -o lowerdir=/host,upperdir=/layer/upper,workdir=/layer/work root /root
for folder in proc sys dev run tmp; do mkdir -p "/root/$folder"; done
mount -t proc proc /root/proc
mount -t sysfs sys /root/sys
mount -t devtmpfs dev /root/dev
mkdir -p /root/dev/shm
for folder in run dev/shm tmp; do mount -t tmpfs tmpfs "/root/$folder"; done
job=$(sed -n 's/.*rig\.job=\([^ ]*\).*/\1/p' /proc/cmdline)
# What is done in /tmp on the host is seen here, too.
mkdir -p "/root${job%/*}"
mount --bind "/host${job%/*}" "/root${job%/*}"
# The libraries hear of plugs from udev's daemon. Without rules it is quick.
mount -t tmpfs none /root/usr/lib/udev/rules.d
chroot /root /lib/systemd/systemd-udevd --daemon --resolve-names=never || echo 'rig: no udev'
chroot /root /bin/sh "$job"
echo "rig: the job ended with $?"
sync
poweroff -f
