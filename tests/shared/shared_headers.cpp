// Nothing of its own: each kind of tests shares the headers that are compiled with this file
// (CMakeLists.txt).
