/* libzmq (zeromq.org, 4.3.4 on Debian 12) and the system headers that Swift's Glibc module lacks. */
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <zmq.h>
