#ifndef OSR_EXPORT_H
#define OSR_EXPORT_H

/* The library is built with -fvisibility=hidden: only what carries this mark can be bound from C#. */
#define OSR_API __attribute__((visibility("default")))

#endif
