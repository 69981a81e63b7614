#include "contexts.h"
#include "children.h"
#include "log.h"
#include "settings.h"

/* Runs in every process that is preloaded, most of which never speak TLS: as little as can be. */
__attribute__((constructor)) static void loaded(void)
{
    log_remember_stderr();
    if (!settings_read())
        return;
    children_remember();
    contexts_hook();
}
