#ifndef OSR_LIVE_SESSIONS_H
#define OSR_LIVE_SESSIONS_H

#include "export.h"

/*
 * Counts the SSL_SESSION objects that exist in the process, whoever made them: a test that returns to the
 * number it began with has leaked none, and freed none twice.
 */

/* Begins to count the sessions made from now on. Calling it again changes nothing. */
OSR_API void osr_live_sessions_start(void);

OSR_API long osr_live_sessions(void);

#endif
