#ifndef OSSCB_CHILDREN_H
#define OSSCB_CHILDREN_H

/* Notes what the server was started with, for its own successor: nginx upgrades in place by executing its binary anew. */
void children_remember(void);

/*
 * Takes this library out of LD_PRELOAD: programs that the server starts (CGI, hooks) are not to be preloaded, unless
 * OSSCB_CHILDREN=1 asks for it.
 * Called when the process turns out to speak TLS, so that a shell or a wrapper before the server passes it on.
 */
void children_leave_alone(void);

#endif
