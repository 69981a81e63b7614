#ifndef OSR_LAST_ERROR_H
#define OSR_LAST_ERROR_H

#include "export.h"

/* Why the last osr_ function that failed on this thread did so; "" if none has. Valid until the next failure. */
OSR_API const char *osr_last_error(void);

/* Notes `what`, followed by the newest reason in OpenSSL's error queue, and empties the queue. */
void osr_note_error(const char *what);

#endif
