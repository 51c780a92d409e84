// Nothing of its own: the tests with LibTorch share the headers that are compiled with this file
// (CMakeLists.txt).
